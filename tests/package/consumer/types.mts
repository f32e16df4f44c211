import * as gardener from "pulumi-gardener";
import { ShootVersions, type ShootVersionsArgs } from "pulumi-gardener";

const args: ShootVersionsArgs = { shoot: { project: "demo", name: "web" }, kubernetes: { version: "1.34" } };
export const version = new ShootVersions("web", args).kubernetesVersion.apply((text) => text.toUpperCase());
// @ts-expect-error A version is text.
new gardener.ShootVersions("web", { shoot: { id: "garden-demo/web" }, kubernetes: { version: 1.34 } });
export const { kubeconfig, expires } = gardener.getShootKubeconfigOutput({
  shoot: { id: "garden-demo/web" },
});
export const minors = gardener
  .getUpgrades({ shoot: { id: "garden-demo/web" } })
  .then(({ kubernetes }) => kubernetes.minors.map((minor) => minor.version));
// @ts-expect-error A state is one of three.
export const held = new ShootVersions("web", args).state.apply((state) => state === "held");
