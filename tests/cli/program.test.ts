import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "chai";
import { commandScene, type CommandScene } from "./command";

describe("the command pulumi-gardener program", function () {
  this.timeout(60_000);
  let scene: CommandScene;

  before(async () => {
    scene = await commandScene();
  });
  after(() => scene.close());

  it("prints a program for the Shoots of a project", async () => {
    const { code, stdout, stderr } = await scene.run(["program", "--project", "shop"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout)
      .to.contain('shoot: { namespace: "garden-shop", name: "prod" }')
      .and.not.contain("garden-demo");
  });

  it("writes a project into a folder, and overwrites nothing", async () => {
    const folder = path.join(scene.folder, "project");
    expect((await scene.run(["program", "--out", folder])).code).to.equal(0);
    expect((await readdir(folder)).sort()).to.deep.equal([
      "Pulumi.yaml",
      "index.ts",
      "package.json",
      "tsconfig.json",
    ]);
    const before = await readFile(path.join(folder, "index.ts"), "utf8");
    const { code, stderr } = await scene.run(["program", "--project", "shop", "--out", folder]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^pulumi-gardener: \[GU091\] --out: [^\n]*Pulumi\.yaml[^\n]* it exists\n$/);
    expect(await readFile(path.join(folder, "index.ts"), "utf8")).to.equal(before);
  });

  it("exits with 4 and prints the rest where not everything is visible", async () => {
    const verbs = ["get", "list"];
    const kubeconfig = await scene.addUser("visitor", [
      { verbs, resources: ["projects"] },
      { verbs, resources: ["shoots"], namespaces: ["garden-demo"] },
    ]);
    const { code, stdout, stderr } = await scene.run(["program", "--kubeconfig", kubeconfig]);
    expect(code).to.equal(4);
    expect(stdout).to.contain('"garden-demo/web"');
    expect(stderr).to.match(/^pulumi-gardener: not visible: project shop: \[GU008\]/);
  });
});
