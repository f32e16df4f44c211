import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { setScene, succeeded, type Scene } from "./scene";

/** All files that the engine has written: an exported state shows its secrets. */
async function stored(folder: string): Promise<string> {
  const files = await readdir(join(folder, "state"), { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

describe("credentials, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  before(async () => {
    scene = await setScene();
  });
  after(() => scene.close());

  const program = () => {
    const web = new gardener.ShootVersions("web", {
      shoot: { project: "demo", name: "web" },
      kubernetes: { version: "1.33.7" },
      adopt: "upgrade",
    });
    const { kubeconfig: issued } = gardener.getShootKubeconfigOutput({
      shoot: { project: "demo", name: "web" },
    });
    return Promise.resolve({ version: web.kubernetesVersion, issued, access: web.kubeconfig });
  };

  it("are read from the stack's configuration, also for refresh and destroy, and appear nowhere in plain text", async () => {
    const stack = await scene.open({
      program,
      config: { "gardener:kubeconfig": { secret: scene.sandbox.kubeconfig } },
    });
    const alone = { env: { GARDEN_KUBECONFIG: "" } };
    const runs = [
      succeeded(await stack.up(alone)),
      succeeded(await stack.preview({ ...alone, expectNoChanges: true })),
      succeeded(await stack.refresh(alone)),
    ];
    const state = await stored(stack.folder);
    expect(state).to.contain("RollingUpgrade").and.to.contain("gardener:kubeconfig");
    const { version, issued, access } = await stack.outputs();
    runs.push(succeeded(await stack.destroy(alone)));

    expect(version?.value).to.equal("1.33.7");
    expect([issued?.secret, access?.secret]).to.deep.equal([true, false]);
    const key = /client-key-data: (\S+)/.exec(String(issued?.value))?.[1];
    expect(key).to.be.a("string");
    const texts = runs.flatMap(({ stdout, stderr, events }) => [stdout, stderr, JSON.stringify(events)]);
    for (const text of [state, JSON.stringify(access), ...texts]) {
      expect(text).not.to.contain(scene.sandbox.garden.token);
      expect(text).not.to.contain(key);
    }
  });

  it("are not searched elsewhere if the program names a path that does not exist", async () => {
    const stack = await scene.open({
      program: () => {
        new gardener.ShootVersions("web", {
          shoot: { id: "garden-demo/web" },
          garden: { kubeconfig: "/nowhere/garden.yaml" },
          kubernetes: { version: "1.33" },
        });
        return Promise.resolve({});
      },
    });
    const run = await stack.preview();
    expect(run.ok).to.equal(false);
    expect(run.messages.map(({ text }) => text).join("\n"))
      .to.contain("[GU002]")
      .and.to.contain("/nowhere/garden.yaml");
  });
});
