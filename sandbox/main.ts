/** `npm run sandbox`: keeps one up until Ctrl-C. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { announcement } from "./cleura/announce";
import { startSandbox } from "./sandbox";

const FOLDER = join(__dirname, "..", ".sandbox");
const KUBECONFIG = join(FOLDER, "kubeconfig.yaml");
const CLEURA = { ca: join(FOLDER, "cleura-ca.pem"), token: join(FOLDER, "cleura-token") };

/** `--port=N` and `--speed=N`. */
function numberOf(name: string): number | undefined {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1];
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!(value >= 0)) throw new Error(`--${name} takes a number, not "${given}".`);
  return value;
}

function write(path: string, content: string): void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
  // The mode of a file that was there before does not change by writing it.
  chmodSync(path, 0o600);
}

async function main(): Promise<void> {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const sandbox = await startSandbox({
    port: numberOf("port"),
    speed: numberOf("speed"),
    cleura: process.argv.includes("--cleura") ? true : undefined,
    log: print,
  });
  const { cleura } = sandbox;
  const files = new Map([[KUBECONFIG, sandbox.kubeconfig]]);
  if (cleura !== undefined) files.set(CLEURA.ca, cleura.ca).set(CLEURA.token, cleura.token);
  for (const [path, content] of files) write(path, content);
  print(`This is a simulation of a Gardener landscape: no machine runs, nothing costs anything.
API server:  ${sandbox.garden.url}
kubeconfig:  ${KUBECONFIG}

Try, in another terminal:
  export KUBECONFIG=${KUBECONFIG}
  kubectl -n garden-demo get shoots
  kubectl get cloudprofile sandbox -o yaml
  kubectl -n garden-demo patch shoot web --dry-run=server -p '{"spec":{"kubernetes":{"version":"1.34"}}}' -o jsonpath='{.spec.kubernetes.version}'
  kubectl -n garden-demo annotate shoot web gardener.cloud/operation=maintain
  kubectl -n garden-demo get shoot web -w
`);
  if (cleura !== undefined) print(`${announcement(cleura, CLEURA)}\n`);
  print("Ctrl-C stops it.");
  await new Promise<void>((resolve) => {
    process.on("SIGINT", resolve);
    process.on("SIGTERM", resolve);
  });
  for (const [path, content] of files) {
    // Another sandbox may have written its own there meanwhile.
    if (existsSync(path) && readFileSync(path, "utf8") === content) rmSync(path);
  }
  await sandbox.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
