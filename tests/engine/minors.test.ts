import { expect } from "chai";
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import type { ShootVersionsArgs } from "../../provider/args";
import { ROLLOUT_ANNOTATION } from "../../provider/model/shoot";
import { killedUp, setMinorsScene, type MinorsScene } from "./minors-scene";
import { messagesOf, SHOOTS, succeeded } from "./scene";

describe("an upgrade over several minors, on the real engine", function () {
  this.timeout(120_000);
  let scene: MinorsScene;
  afterEach(() => scene.close());

  const open = (declared: Partial<ShootVersionsArgs>) =>
    scene.open({
      program: () => {
        const { state, kubernetesVersion, workers, target } = new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          kubernetes: { version: "1.35" },
          machineImage: { version: "1877.3.0" },
          ...declared,
        });
        return Promise.resolve({ state, kubernetesVersion, workers, target });
      },
    });

  it("replaces every node once from 1.32 to 1.35 with a new image, and leaves nothing behind", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open({});
    succeeded(await stack.up());
    const preview = succeeded(await stack.preview());
    expect(messagesOf(preview, "web"))
      .to.contain("1/3 Kubernetes 1.32.9 → 1.33.7: pool-a held back")
      .and.to.contain("2/3 Kubernetes 1.33.7 → 1.34.3: the control plane only")
      .and.to.contain(
        "3/3 Kubernetes 1.34.3 → 1.35.2 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: pool-a",
      )
      .and.to.contain(
        "pool-a held back while the control plane goes ahead; nodes are replaced pool-a once: 3 nodes in all. " +
          "Each minor and each image on its own: 12 nodes.",
      );
    expect(preview.stdout).to.match(/kubernetesVersion: "1\.32\.9" => "1\.35\.2"/);
    scene.created.splice(0);
    scene.calls.forget();
    const run = succeeded(await stack.up());
    expect(scene.writes()).to.have.length(3);
    expect(scene.created).to.deep.equal(["pool-a", "pool-a", "pool-a"]);
    expect(run.statuses.map(({ text }) => text).join("\n")).to.match(
      /\[2\/3\] web: control plane 1\.34\.3 · \d+ %/,
    );
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
    expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
    expect(succeeded(await stack.preview()).changes).to.deep.equal({ same: 3 });
  });

  it("replaces every node twice from 1.31 to 1.35", async () => {
    scene = await setMinorsScene("1.31.9");
    const stack = await open({});
    succeeded(await stack.up());
    expect(messagesOf(succeeded(await stack.preview()), "web"))
      .to.contain("1/4 Kubernetes 1.31.9 → 1.32.9: pool-a held back")
      .and.to.contain("2/4 Kubernetes 1.32.9 → 1.33.7: the control plane only")
      .and.to.contain("3/4 Kubernetes 1.33.7 → 1.34.3: pool-a, 3 nodes")
      .and.to.contain(
        "4/4 Kubernetes 1.34.3 → 1.35.2 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: pool-a",
      )
      .and.to.contain(
        "nodes are replaced pool-a twice: 6 nodes in all. Each minor and each image on its own: 15 nodes.",
      );
    scene.kubelets.splice(0);
    scene.calls.forget();
    succeeded(await stack.up());
    expect(scene.writes()).to.have.length(4);
    expect(scene.kubelets).to.deep.equal(["1.34.3", "1.34.3", "1.34.3", "1.35.2", "1.35.2", "1.35.2"]);
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
  });

  it("is performed by a saved plan as a whole", async () => {
    scene = await setMinorsScene("1.33.7");
    const stack = await open({});
    succeeded(await stack.up());
    const file = path.join(stack.folder, "plan.json");
    succeeded(await stack.preview({ savePlan: file }));
    scene.calls.forget();
    succeeded(await stack.up({ plan: file }));
    expect(scene.writes()).to.have.length(2);
    expect((await scene.web()).kubernetes).to.equal("1.35.2");
  });

  it("rolls a canary pool before the others", async () => {
    scene = await setMinorsScene("1.33.7", [{ name: "pool-a" }, { name: "canary", nodes: 1 }]);
    const stack = await open({ workers: { canary: { order: -1 } } });
    succeeded(await stack.up());
    expect(messagesOf(succeeded(await stack.preview()), "web"))
      .to.contain("1/3 Kubernetes 1.33.7 → 1.34.3: pool-a, canary held back")
      .and.to.match(/2\/3 Kubernetes 1\.34\.3 → 1\.35\.2 and gardenlinux .* in one roll: canary, 1 node/)
      .and.to.match(/3\/3 .*pool-a .*3 nodes/)
      .and.to.contain(
        "pool-a once, canary once: 4 nodes in all. Each minor and each image on its own: 12 nodes.",
      );
    scene.created.splice(0);
    scene.calls.forget();
    const run = succeeded(await stack.up());
    expect(scene.created).to.deep.equal(["canary", "pool-a", "pool-a", "pool-a"]);
    expect(scene.writes()).to.have.length(3);
    expect(messagesOf(run, "web")).to.contain(
      "pool-a on Kubernetes 1.35.2 and gardenlinux 1877.3.0, 3 nodes verified",
    );
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
  });

  it("warns where images forbid the order of the pools, and rolls the other one first", async () => {
    scene = await setMinorsScene("1.31.9", [
      { name: "main", nodes: 1 },
      { name: "canary", nodes: 1 },
    ]);
    const workers = [
      { name: "main", kubernetes: { version: "1.31.9" } },
      { name: "canary", machine: { image: { name: "gardenlinux", version: "1700.0.0" } } },
    ];
    const annotation = JSON.stringify({ pools: { main: "1.31.9" }, target: "1.35.2" });
    await scene.garden.patch(`${SHOOTS}/web`, "strategic", {
      metadata: { annotations: { [ROLLOUT_ANNOTATION]: annotation } },
      spec: { kubernetes: { version: "1.32.9" }, provider: { workers } },
    });
    await scene.sandbox.reconciled();
    const stack = await open({
      machineImage: undefined,
      workers: { canary: { order: -1, machineImage: { version: "1950.0.0" } } },
    });
    succeeded(await stack.up());
    expect(messagesOf(succeeded(await stack.preview()), "web"))
      .to.contain("[GU079]")
      .and.to.contain("worker pool main rolls before canary at Kubernetes 1.34.3, against their order")
      .and.to.contain("1700.0.0 runs kubelets < 1.34 only, not 1.34.3")
      .and.to.contain("1950.0.0 runs kubelets >= 1.35 only, not 1.34.3");
    scene.created.splice(0);
    succeeded(await stack.up());
    expect(scene.created).to.deep.equal(["main", "canary", "main"]);
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
  });

  it("takes one minor a run with maxMinors, and is pending until the last", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open({ rollout: { maxMinors: 1 }, adopt: "upgrade" });
    scene.created.splice(0);
    const states: unknown[] = [];
    for (let run = 0; run < 3; run += 1) {
      succeeded(await stack.up());
      const { state, kubernetesVersion } = await stack.outputs();
      states.push([kubernetesVersion?.value, state?.value, scene.created.length]);
    }
    expect(states).to.deep.equal([
      ["1.33.7", "pending", 0],
      ["1.34.3", "pending", 0],
      ["1.35.2", "upToDate", 3],
    ]);
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
    expect(succeeded(await stack.preview()).changes).to.deep.equal({ same: 3 });
  });

  it("is continued by another stack where the first one has stopped", async () => {
    scene = await setMinorsScene("1.32.9");
    const first = await open({ rollout: { maxMinors: 1 }, adopt: "upgrade" });
    succeeded(await first.up());
    const { pins, annotation } = await scene.web();
    expect(pins).to.deep.equal({ "pool-a": "1.32.9" });
    expect(JSON.parse(annotation)).to.deep.equal({
      pools: { "pool-a": "1.32.9" },
      target: "1.35.2",
      stack: "test/test",
    });
    const second = await open({ adopt: "upgrade" });
    scene.created.splice(0);
    succeeded(await second.up());
    expect(scene.created).to.have.length(3);
    expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
  });
});

describe("an upgrade over several minors that is killed, on the real engine", function () {
  this.timeout(120_000);
  let scene: MinorsScene;
  afterEach(() => scene.close());

  /** Killed once the garden has taken so many writes. */
  for (const writes of [1, 2, 3]) {
    it(`is continued by the next run after write ${writes}, with no write and no replacement repeated`, async () => {
      scene = await setMinorsScene("1.32.9", [{ name: "pool-a" }, { name: "pool-b", nodes: 1 }]);
      const stack = await scene.open({
        program: () => {
          const { state } = new gardener.ShootVersions("web", {
            shoot: { project: "demo", name: "web" },
            kubernetes: { version: "1.35" },
            machineImage: { version: "1877.3.0" },
            workers: { "pool-b": { order: -1 } },
          });
          return Promise.resolve({ state });
        },
      });
      succeeded(await stack.up());
      scene.created.splice(0);
      scene.calls.forget();
      await killedUp(stack, () => scene.writes().length >= writes);
      const next = succeeded(await stack.up());
      expect(scene.writes(), next.stdout).to.have.length(4);
      expect([...scene.created].sort()).to.deep.equal(["pool-a", "pool-a", "pool-a", "pool-b"]);
      expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
      expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
    });
  }
});
