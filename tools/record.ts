/**
 * `npm run record`: draws docs/demo.svg from a real run, a preview and an update of a minor, of
 * the repository's own project on the sandbox with the real Pulumi engine.
 */
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { startSandbox } from "../sandbox/sandbox";
import { findEngine } from "./engine/engine";
import { repository } from "./engine/project";
import { openStack } from "./engine/stack";
import { terminalSvg, type TimedLine } from "./terminalSvg";

const PROMPT = "\u001b[32m$\u001b[0m ";

async function main(): Promise<void> {
  const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
  const sandbox = await startSandbox({ speed: 0.5 });
  const stack = await openStack({ program: repository, name: "demo", engine });
  try {
    const kubeconfig = path.join(stack.folder, "garden.yaml");
    await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
    const env = { GARDEN_KUBECONFIG: kubeconfig };
    // The Shoot is adopted and runs what the program declares.
    for (let run = 0; run < 2; run++) await stack.up({ env });

    const lines: TimedLine[] = [];
    const print = (text: string) => lines.push({ at: Date.now(), text });
    const recorded = (command: string) => {
      print(`${PROMPT}${command}`);
      let rest = "";
      return {
        env,
        color: "always" as const,
        onOutput(text: string) {
          const pieces = (rest + text).split("\n");
          rest = pieces.pop() ?? "";
          pieces.filter(isShown).forEach(print);
        },
      };
    };
    print(`${PROMPT}pulumi config set kubernetesVersion 1.34`);
    await stack.setConfig({ kubernetesVersion: "1.34" });
    await stack.preview(recorded("pulumi preview"));
    await stack.up(recorded("pulumi up"));
    const file = path.join(repository, "docs", "demo.svg");
    await writeFile(file, terminalSvg("pulumi preview and pulumi up of a minor upgrade", lines));
    process.stdout.write(`${path.relative(repository, file)}: ${lines.length} lines\n`);
  } finally {
    await stack.close();
    await sandbox.stop();
  }
}

/** Without a terminal the engine prints a line of dots while it waits. */
function isShown(line: string): boolean {
  // eslint-disable-next-line no-control-regex -- colour codes
  return !/^(\u001b\[[\d;]*m)*@ /.test(line);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
