/**
 * `pulumi` for scripts, where the CLI has no host for programs in Node.js beside it: runs the program of the working
 * directory in this process, as the Automation API does. The CLI is the one that REAL_PULUMI names.
 */
const { spawn } = require("node:child_process");
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

const [command, ...rest] = process.argv.slice(2);

function execute(args, ended) {
  const child = spawn(process.env.REAL_PULUMI, args, { stdio: "inherit" });
  child.on("close", (code) => {
    ended?.(code !== 0);
    process.exit(code ?? 1);
  });
}

/** Loads the program anew for preview and update, as its own process would. */
async function program() {
  const load = createRequire(path.join(process.cwd(), "package.json"));
  for (const file of Object.keys(load.cache)) {
    if (path.dirname(file) === process.cwd()) delete load.cache[file];
  }
  const outputs = load(process.cwd());
  return typeof outputs === "object" ? { ...outputs } : {};
}

if (command === "preview" || command === "up") {
  const server = new grpc.Server();
  const host = new LanguageServer(program);
  server.addService(LanguageRuntimeService, host);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    execute([command, ...rest, `--client=127.0.0.1:${port}`, "--exec-kind", "auto.inline"], (failed) => {
      host.onPulumiExit(failed);
      server.forceShutdown();
    });
  });
} else {
  execute(process.argv.slice(2));
}
