import { mkdir, readFile, symlink } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "chai";
import { repository } from "../../tools/engine/project";
import { openStack, type Stack } from "../../tools/engine/stack";
import { commandScene, type CommandScene } from "../cli/command";
import { succeed } from "../package/packed";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { succeeded } from "./scene";

describe("the program that pulumi-gardener program writes, on the real engine", function () {
  this.timeout(120_000);
  let scene: CommandScene;
  const stacks: Stack[] = [];

  before(async () => {
    scene = await commandScene();
  });
  after(async () => {
    await Promise.all(stacks.map((stack) => stack.close()));
    await scene.close();
  });

  async function folderFor(name: string): Promise<string> {
    const folder = path.join(scene.folder, name);
    await mkdir(folder);
    await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
    return folder;
  }

  async function open(program: string, env: Readonly<Record<string, string>>): Promise<Stack> {
    const stack = await openStack({ program, env });
    stacks.push(stack);
    return stack;
  }

  /** The first preview has nothing pending; adopting writes nothing; then nothing changes. */
  async function expectNothingPending(stack: Stack, shoots: readonly string[]): Promise<void> {
    const first = succeeded(await stack.preview());
    const [, listed = ""] = /^ *nothing pending: (.+)$/m.exec(first.stdout) ?? [];
    expect(listed.split(", ")).to.include.members([...shoots]);
    expect(first.stdout).not.to.match(/(?<!\bnothing|: 0) pending\b/);
    succeeded(await stack.up());
    succeeded(await stack.preview({ expectNoChanges: true }));
  }

  const writes = () =>
    [...scene.sandbox.garden.requests, ...scene.sandbox.cleura.requests]
      .filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"))
      .filter(
        ({ method, query }) => ["PATCH", "PUT", "DELETE"].includes(method) && query["dryRun"] === undefined,
      );

  it("compiles, and has nothing pending in its first preview", async () => {
    const folder = await folderFor("gardener");
    const { code, stdout, stderr } = await scene.run(["program", "--out", folder, "--name", "landscape"]);
    expect([code, stdout, stderr]).to.deep.equal([0, "", ""]);
    const tsc = path.join(repository, "node_modules", "typescript", "bin", "tsc");
    expect(await succeed(process.execPath, [tsc, "-p", folder])).to.equal("");
    const stack = await open(folder, { GARDEN_KUBECONFIG: path.join(scene.folder, "garden.yaml") });
    await expectNothingPending(stack, ["api", "prod", "web"]);
    expect(writes()).to.deep.equal([]);
    const outputs = await stack.outputs();
    expect(outputs["kubernetesVersions"]?.value).to.deep.equal({
      "garden-demo/api": "1.34.3",
      "garden-demo/web": "1.33.4",
      "garden-shop/prod": "1.32.5",
    });
  });

  it("has nothing pending for a project of Cleura Cloud", async () => {
    const folder = await folderFor("cleura");
    const { region, projectId } = scene.sandbox.cleura;
    const location = ["--cleura-region", region, "--cleura-project-id", projectId];
    const { code, stderr } = await scene.runOnCleura(["program", "--out", folder, ...location]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(await readFile(path.join(folder, "index.ts"), "utf8")).to.contain('shoot: { name: "web" }');
    const stack = await open(folder, await cleuraEnvironment(scene.sandbox.cleura, folder));
    await expectNothingPending(stack, ["web"]);
    expect(writes()).to.deep.equal([]);
  });
});
