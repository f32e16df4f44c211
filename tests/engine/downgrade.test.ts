import { expect } from "chai";
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import type { AllowDowngradeArgs } from "../../provider/args";
import { setMinorsScene, type MinorsScene } from "./minors-scene";
import { messagesOf, SHOOTS, succeeded } from "./scene";

describe("a machine image that may go down, on the real engine", function () {
  this.timeout(120_000);
  let scene: MinorsScene;
  afterEach(() => scene.close());

  const open = (allowDowngrade: AllowDowngradeArgs) =>
    scene.open({
      program: () => {
        const { state, workers, target } = new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          workers: { "pool-a": { machineImage: { version: "1592.10.0", allowDowngrade } } },
        });
        return Promise.resolve({ state, workers, target });
      },
    });

  async function setImage(version: string): Promise<void> {
    const workers = [{ name: "pool-a", machine: { image: { name: "gardenlinux", version } } }];
    await scene.garden.patch(`${SHOOTS}/web`, "strategic", {
      spec: { provider: { workers }, maintenance: { autoUpdate: { machineImageVersion: false } } },
    });
    await scene.sandbox.reconciled();
  }

  it("is announced in the preview, goes down in one roll by a saved plan, and nothing is left to do", async () => {
    scene = await setMinorsScene("1.35.2");
    await setImage("1877.3.0");
    const stack = await open({ until: "2199-12-31", reason: "1877.3.0 loses the network" });
    succeeded(await stack.up());
    const preview = succeeded(await stack.preview());
    expect(messagesOf(preview, "web"))
      .to.contain("gardenlinux 1877.3.0 down to 1592.10.0: pool-a, 3 nodes")
      .and.to.contain("[GU069]")
      .and.to.contain("allowed until 2199-12-31: 1877.3.0 loses the network");
    const file = path.join(stack.folder, "plan.json");
    succeeded(await stack.preview({ savePlan: file }));
    scene.created.splice(0);
    scene.calls.forget();
    expect(messagesOf(succeeded(await stack.up({ plan: file })), "web")).to.contain(
      "pool-a on gardenlinux 1592.10.0, 3 nodes verified",
    );
    expect(scene.writes()).to.have.length(1);
    expect(scene.created).to.deep.equal(["pool-a", "pool-a", "pool-a"]);
    const { state, workers } = await stack.outputs();
    expect(state?.value).to.equal("upToDate");
    expect(workers?.value).to.have.nested.property("pool-a.machineImage.version", "1592.10.0");
    expect(succeeded(await stack.preview()).changes).to.deep.equal({ same: 3 });
    succeeded(await stack.refresh());
    expect(succeeded(await stack.preview()).changes).to.deep.equal({ same: 3 });
  });

  it("fails the preview after the last day, and nothing is written", async () => {
    scene = await setMinorsScene("1.35.2");
    await setImage("1877.3.0");
    const stack = await open({ until: "2020-01-31", reason: "1877.3.0 loses the network" });
    scene.calls.forget();
    const run = await stack.preview();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr)
      .to.contain("[GU069]")
      .and.to.contain("that was allowed until 2020-01-31");
    expect(scene.writes()).to.deep.equal([]);
  });
});
