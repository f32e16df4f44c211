/** The compiled command, run as a user runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { at, list, root, text as textOf } from "../../provider/garden/field";
import type { Rule } from "../../sandbox/api/users";
import { profile } from "../../sandbox/fixtures/demo";
import { project, shoot } from "../../sandbox/fixtures/objects";
import type { World } from "../../sandbox/fixtures/demo";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";
import { cleuraEnvironment } from "../engine/cleuraEnvironment";
import { installCommand, type Ended } from "../engine/exec";

export interface CommandScene {
  readonly sandbox: CleuraSandbox;
  /** The working directory of the command. */
  readonly folder: string;
  /** With the kubeconfig of the garden's administrator, unless the environment says otherwise. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** In a terminal of so many columns; stdout and stderr are one. */
  runInTerminal(
    args: readonly string[],
    columns: number,
    env?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
  /** By Cleura's REST API. */
  runOnCleura(args: readonly string[]): Promise<Ended>;
  /** Path of the kubeconfig of a new user. */
  addUser(name: string, rules: readonly Rule[]): Promise<string>;
  close(): Promise<void>;
}

/** Two projects, demo with two Shoots, and shop with one on an expired version. */
const twoProjects: World = (now) => [
  ...project("demo"),
  ...project("shop"),
  profile(now),
  shoot("demo", "sandbox", { name: "web", pools: [{ name: "pool-a" }] }, now),
  shoot("demo", "sandbox", { name: "api", kubernetesVersion: "1.34.3", pools: [{ name: "pool-a" }] }, now),
  shoot("shop", "sandbox", { name: "prod", kubernetesVersion: "1.32.5", pools: [{ name: "pool-a" }] }, now),
];

export async function commandScene(world: World = twoProjects): Promise<CommandScene> {
  const sandbox = await startSandbox({ speed: 20, cleura: true, world });
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
  const kubeconfig = path.join(folder, "garden.yaml");
  await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const bin = await installCommand(folder);
  const cleura = await cleuraEnvironment(sandbox.cleura, folder);
  const { region, projectId } = sandbox.cleura;
  const standard = {
    PATH: [bin, process.env["PATH"] ?? ""].join(path.delimiter),
    HOME: folder,
  };
  const ended = async (command: string, args: readonly string[], env: Readonly<Record<string, string>>) => {
    const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    return { code: child.exitCode, stdout, stderr };
  };
  return {
    sandbox,
    folder,
    run: (args, env) =>
      ended("pulumi-gardener", args, { ...standard, GARDEN_KUBECONFIG: kubeconfig, ...env }),
    runInTerminal(args, columns, env) {
      const line = ["stty", "cols", String(columns), "&&", "pulumi-gardener", ...args].join(" ");
      return ended("script", ["-qec", line, path.join(folder, "typescript")], {
        ...standard,
        TERM: "xterm",
        GARDEN_KUBECONFIG: kubeconfig,
        ...env,
      });
    },
    runOnCleura: (args) =>
      ended("pulumi-gardener", args, {
        ...standard,
        ...cleura,
        CLEURA_REGION: region,
        CLEURA_PROJECT_ID: projectId,
      }),
    async addUser(name, rules) {
      const user = { name, token: `token-of-${name}`, rules };
      sandbox.garden.users.add(user);
      const file = path.join(folder, `${name}.yaml`);
      await writeFile(file, sandbox.garden.kubeconfigFor(user), { mode: 0o600 });
      return file;
    },
    async close() {
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** `namespace/name` of those in a report in JSON. */
export function shootsIn(json: string): readonly string[] {
  return list(at(root("The report", JSON.parse(json)), "shoots")).map((shoot) => textOf(at(shoot, "shoot")));
}
