/**
 * The host of pulumi.sh: runs the program of the working directory, as the Automation API does, until standard input ends.
 * @param process.argv[2] where its address is written to.
 */
const { writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const { LanguageServer } = require("@pulumi/pulumi/automation/server");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");

require("ts-node").register({
  transpileOnly: true,
  skipProject: true,
  compilerOptions: { module: "commonjs" },
});

/** Loads the program anew for preview and update, as its own process would. */
async function program() {
  const load = createRequire(path.join(process.cwd(), "package.json"));
  for (const file of Object.keys(load.cache)) {
    if (path.dirname(file) === process.cwd()) delete load.cache[file];
  }
  const outputs = load(process.cwd());
  return typeof outputs === "object" ? { ...outputs } : {};
}

// The CLI starts its hosts in process groups of their own, which signals to its own do not reach.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
process.stdin.resume().on("end", () => process.exit(0));

const server = new grpc.Server();
server.addService(LanguageRuntimeService, new LanguageServer(program));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  writeFileSync(process.argv[2], `127.0.0.1:${port}\n`);
});
