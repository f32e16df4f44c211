/** `npm run sandbox`: keeps one up until Ctrl-C. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox } from "./sandbox";

const FOLDER = join(__dirname, "..", ".sandbox");
const KUBECONFIG = join(FOLDER, "kubeconfig.yaml");

/** `--port=N` and `--speed=N`. */
function numberOf(name: string): number | undefined {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1];
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!(value >= 0)) throw new Error(`--${name} takes a number, not "${given}".`);
  return value;
}

async function main(): Promise<void> {
  const say = (line = ""): void => {
    process.stdout.write(`${line}\n`);
  };
  const sandbox = await startSandbox({ port: numberOf("port"), speed: numberOf("speed"), log: say });
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(KUBECONFIG, sandbox.kubeconfig, { mode: 0o600 });
  // The mode of a file that was there before does not change by writing it.
  chmodSync(KUBECONFIG, 0o600);
  say("This is a simulation of a Gardener landscape: no machine runs, nothing costs anything.");
  say(`API server:  ${sandbox.garden.url}`);
  say(`kubeconfig:  ${KUBECONFIG}`);
  say();
  say("Try, in another terminal:");
  say(`  export KUBECONFIG=${KUBECONFIG}`);
  say("  kubectl -n garden-demo get shoots");
  say("  kubectl get cloudprofile sandbox -o yaml");
  say(
    `  kubectl -n garden-demo patch shoot web --dry-run=server -p '{"spec":{"kubernetes":{"version":"1.34"}}}' -o jsonpath='{.spec.kubernetes.version}'`,
  );
  say("  kubectl -n garden-demo annotate shoot web gardener.cloud/operation=maintain");
  say("  kubectl -n garden-demo get shoot web -w");
  say();
  say("Ctrl-C stops it.");
  await new Promise<void>((resolve) => {
    process.on("SIGINT", resolve);
    process.on("SIGTERM", resolve);
  });
  // Another sandbox may have written its own there meanwhile.
  if (existsSync(KUBECONFIG) && readFileSync(KUBECONFIG, "utf8") === sandbox.kubeconfig) rmSync(KUBECONFIG);
  await sandbox.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
