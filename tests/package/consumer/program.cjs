// A program and its run, as a project's own CommonJS script: `node program.cjs`.
const automation = require("@pulumi/pulumi/automation");
const gardener = require("pulumi-gardener");
const { run } = require("./run.cjs");

run(automation, async () => {
  const web = new gardener.ShootVersions("web", {
    shoot: { project: "demo", name: "web" },
    kubernetes: { version: "1.33" },
    adopt: "upgrade",
  });
  return { kubernetesVersion: web.kubernetesVersion, kubeconfig: web.kubeconfig };
});
