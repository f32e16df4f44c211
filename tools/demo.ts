/**
 * `npm run demo`: the whole journey of a cluster's versions on a sandbox, through the real Pulumi
 * engine; with `-- --cleura` through a simulation of Cleura's REST API. What follows a ▸ is
 * ours, everything else is Pulumi's own output.
 */
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { CleuraServer } from "../sandbox/cleura/cleura";
import { startSandbox } from "../sandbox/sandbox";
import { findEngine } from "./engine/engine";
import { repository } from "./engine/project";
import { openStack, type Options, type Stack } from "./engine/stack";
import { killDescendants } from "./processes";

/** Slow enough for progress to be visible every few seconds. */
const CLEURA_SPEED = 0.7;
const throughCleura = process.argv.includes("--cleura");

function print(line: string): void {
  process.stdout.write(process.stdout.isTTY ? `\n\u001b[1m▸ ${line}\u001b[0m\n` : `\n▸ ${line}\n`);
}

const shown: Options = {
  color: process.stdout.isTTY ? "always" : "never",
  onOutput: (text) => process.stdout.write(text),
};

async function main(): Promise<void> {
  const began = Date.now();
  const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
  const sandbox = await startSandbox(throughCleura ? { cleura: true, speed: CLEURA_SPEED } : {});
  let stack: Stack | undefined;
  const stopping = new AbortController();

  async function cleanUp(): Promise<void> {
    stopping.abort();
    await stack?.close();
    await sandbox.stop();
  }

  function stop(): void {
    // A terminal sends it to npm as well, which passes it on: once is enough.
    if (stopping.signal.aborted) return;
    print("Stopping.");
    // The engine would await the end of its rollout.
    killDescendants();
    void cleanUp().finally(() => process.exit(130));
  }
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  try {
    stack = await openStack({ program: repository, name: "demo", engine });
    print(
      "A simulated garden is up, with the cluster garden-demo/web: Kubernetes 1.33.4 on gardenlinux 1592.10.0.",
    );
    const env = sandbox.cleura
      ? await connectCleura(stack, sandbox.cleura)
      : await connectGarden(stack, sandbox.kubeconfig);
    await journey(stack, { ...shown, env });
    print(`Done in ${Math.round((Date.now() - began) / 1000)} s. The program is examples/cluster: copy it.`);
  } catch (error) {
    // The messages of an interrupted engine are of no use.
    if (!stopping.signal.aborted) throw error;
  } finally {
    if (!stopping.signal.aborted) await cleanUp();
  }
}

type Environment = Readonly<Record<string, string>>;

async function connectGarden({ folder }: Stack, kubeconfig: string): Promise<Environment> {
  const file = path.join(folder, "garden.yaml");
  await writeFile(file, kubeconfig, { mode: 0o600 });
  return { GARDEN_KUBECONFIG: file };
}

/** The program is the same: the stack's configuration has Cleura's endpoint. */
async function connectCleura(stack: Stack, cleura: CleuraServer): Promise<Environment> {
  const authority = path.join(stack.folder, "cleura-ca.pem");
  await writeFile(authority, cleura.ca);
  const { region, projectId } = cleura;
  await stack.setConfig({ "gardener:cleuraRegion": region, "gardener:cleuraProjectId": projectId });
  print(
    "In front of it a simulation of Cleura's REST API. The program reads the stack's configuration: " +
      `gardener:cleuraRegion is ${region}, gardener:cleuraProjectId is ${projectId}.`,
  );
  return {
    CLEURA_API_URL: cleura.url,
    CLEURA_API_USERNAME: cleura.username,
    CLEURA_API_TOKEN: cleura.token,
    NODE_EXTRA_CA_CERTS: authority,
  };
}

async function journey(stack: Stack, options: Options): Promise<void> {
  print("pulumi up: adopts the cluster. Nothing is written to it.");
  await ended(stack.up(options));
  print(
    `pulumi preview: the program says "1.33" and gardenlinux "1592.14.0"; a patch and an image are pending, and the preflight checks ${
      throughCleura ? "are not visible: Cleura has no kubeconfig for viewers." : "have found a budget."
    }`,
  );
  await ended(stack.preview(options));
  print(
    throughCleura
      ? "pulumi up: rolls the nodes for the image, then restarts the kubelets for the patch."
      : "pulumi up: rolls the nodes once, for both.",
  );
  await ended(stack.up(options));
  const waiver = {
    check: "podDisruptionBudget",
    object: "shop/cart",
    until: inDays(60),
    reason: "its second pod comes back with the next release",
  };
  // Cleura issues administrators' kubeconfigs alone: with one, the checks see what they did not before.
  const preflight = { ...(throughCleura && { access: "admin" }), waivers: [waiver] };
  print(
    `pulumi config set preflight '${JSON.stringify(preflight)}': ${
      throughCleura
        ? "lets the checks read with an administrator's kubeconfig, and accepts what they find about the budget of the cart."
        : "accepts what was found about the budget of the cart."
    }`,
  );
  print(
    "pulumi config set kubernetesVersion 1.35 and machineImage 1877.3.0, pulumi preview: two minors and an image, step by step.",
  );
  await stack.setConfig({
    kubernetesVersion: "1.35",
    machineImage: "1877.3.0",
    preflight: JSON.stringify(preflight),
  });
  await ended(stack.preview(options));
  print(
    throughCleura
      ? "pulumi up: rolls the nodes for the image, then lets Cleura prepare the cluster for each minor and performs it."
      : "pulumi up: the control plane goes ahead, and the nodes are rolled once, for both minors and the image.",
  );
  await ended(stack.up(options));
  print("pulumi preview --expect-no-changes: nothing is left to do.");
  await ended(stack.preview({ ...options, expectNoChanges: true }));
}

/** `2027-01-31` */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

async function ended(run: ReturnType<Stack["up"]>): Promise<void> {
  const { ok, stderr } = await run;
  if (!ok) throw new Error(`The Pulumi engine ended with an error.\n${stderr}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
