// The same as an ES module: `node program.mjs`.
import * as automation from "@pulumi/pulumi/automation/index.js";
import { ShootVersions } from "pulumi-gardener";
import { run } from "./run.cjs";

run(automation, async () => {
  const web = new ShootVersions("web", {
    shoot: { project: "demo", name: "web" },
    kubernetes: { version: "1.34" },
    adopt: "upgrade",
  });
  return { kubernetesVersion: web.kubernetesVersion, kubeconfig: web.kubeconfig };
});
