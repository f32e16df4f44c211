/** A copy of examples/pipeline with its clusters, as a pipeline has it: CI=true, no terminal, a local backend. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { connect, type Client } from "../../sandbox/client";
import { worldOf } from "../../sandbox/fixtures/demo";
import { textAt } from "../../sandbox/json";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { repository } from "../../tools/engine/project";
import { commandLine, type CommandLine } from "./commandLine";
import type { Ended } from "./exec";
import { SHOOTS } from "./scene";

const names = ["canary", "staging", "production"];

export interface PipelineScene {
  readonly sandbox: Sandbox;
  readonly garden: Client;
  /** Of the user; {@link folder} is in it. */
  readonly home: string;
  /** The copy. */
  readonly folder: string;
  readonly line: CommandLine;
  execute(command: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Executes one of `ci/` and expects success. Returns standard output. */
  script(name: string, env?: Readonly<Record<string, string>>): Promise<string>;
  read(file: string): Promise<string>;
  /** Another Kubernetes version in the stack's settings. */
  declare(version: string): Promise<void>;
  /** Of canary, staging and production, in their specs. */
  versions(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function pipelineScene(): Promise<PipelineScene> {
  const sandbox = await startSandbox({
    speed: 20,
    world: worldOf(names),
  });
  const { url, ca, token } = sandbox.garden;
  const garden = connect({ url, ca, token });
  const home = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
  const folder = path.join(home, "landscape");
  await cp(path.join(repository, "examples", "pipeline"), folder, { recursive: true });
  await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  const line = await commandLine(home, {
    CI: "true",
    STACK: "production",
    GARDENER_PROJECT: "demo",
    GARDEN_KUBECONFIG: path.join(home, "garden.yaml"),
    KUBECONFIG_CONTENT: sandbox.kubeconfig,
    NO_PROXY: "127.0.0.1",
  });
  const execute: PipelineScene["execute"] = (command, args = [], env = {}) =>
    line.execute(command, args, { cwd: folder, env });
  const read = (file: string) => readFile(path.join(folder, file), "utf8");
  const created = await execute("pulumi", ["stack", "init", "production", "--non-interactive"]);
  expect(created.code, created.stderr).to.equal(0);
  return {
    sandbox,
    garden,
    home,
    folder,
    line,
    execute,
    read,
    async script(name, env) {
      const { code, stdout, stderr } = await execute(path.join(folder, "ci", name), [], env);
      expect(code, `${stdout}\n${stderr}`).to.equal(0);
      return stdout;
    },
    async declare(version) {
      const file = "Pulumi.production.yaml";
      const settings = await read(file);
      const changed = settings.replace(/(kubernetesVersion: )\S+/, `$1"${version}"`);
      await writeFile(path.join(folder, file), changed);
    },
    versions: () =>
      Promise.all(
        names.map(async (name) =>
          textAt(await garden.get(`${SHOOTS}/${name}`), "spec", "kubernetes", "version"),
        ),
      ),
    async close() {
      garden.close();
      await sandbox.stop();
      await rm(home, { recursive: true });
    },
  };
}
