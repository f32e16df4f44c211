// Types are checked by tsc; here the sources only have to run.
require("ts-node").register({
  transpileOnly: true,
  project: require("node:path").join(__dirname, "..", "tsconfig.json"),
});

// No garden, cluster or Pulumi account of whoever runs this may be touched.
for (const name of Object.keys(process.env)) {
  if (/^(GARDEN_|PULUMI_|CLEURA_)|^KUBECONFIG$/.test(name)) delete process.env[name];
}
