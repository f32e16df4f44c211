// Runs a program on the engine that PULUMI_ROOT names, and prints the outputs as JSON.
async function run(automation, program) {
  const root = process.env.PULUMI_ROOT;
  const stack = await automation.LocalWorkspace.createStack(
    { stackName: "test", projectName: "consumer", program },
    {
      pulumiCommand: await automation.PulumiCommand.get(root ? { root } : {}),
      workDir: process.env.STACK_FOLDER,
    },
  );
  const up = await stack.up({ color: "never" });
  const again = await stack.preview({ color: "never", expectNoChanges: true });
  const { kubernetesVersion, kubeconfig } = up.outputs;
  process.stdout.write(
    JSON.stringify({
      node: process.versions.node,
      kubernetesVersion: kubernetesVersion.value,
      kubeconfig: kubeconfig.value,
      afterwards: again.changeSummary,
    }),
  );
}

module.exports = { run };
