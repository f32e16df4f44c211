import * as gardener from "pulumi-gardener";
import { ShootVersions, type ShootVersionsArgs } from "pulumi-gardener";

const args: ShootVersionsArgs = { shoot: { project: "demo", name: "web" }, kubernetes: { version: "1.34" } };
export const version = new ShootVersions("web", args).kubernetesVersion.apply((text) => text.toUpperCase());
// @ts-expect-error A version is text.
new gardener.ShootVersions("web", { shoot: { id: "garden-demo/web" }, kubernetes: { version: 1.34 } });
