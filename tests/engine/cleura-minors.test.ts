import { expect } from "chai";
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import type { Stack } from "../../tools/engine/stack";
import { setMinorsOnCleura, type MinorsScene } from "./minors-scene";
import { messagesOf, succeeded } from "./scene";

const IMAGE = "1877.3.0";
const DONE = { kubernetes: "1.35.2", pins: {}, annotation: "" };

/** As many nodes as the pool has, each with this version. */
const three = (...versions: readonly string[]) => versions.flatMap((one) => [one, one, one]);

describe("an upgrade over several minors on Cleura, on the real engine", function () {
  this.timeout(180_000);
  let scene: MinorsScene;
  let stack: Stack;
  afterEach(async () => {
    await stack.close();
    await scene.close();
  });

  it("goes from 1.31 to 1.35 minor by minor after the image, and announces in the preview what that costs", async () => {
    const { env, written, ...set } = await setMinorsOnCleura("1.31.9");
    ({ scene, stack } = set);
    succeeded(await stack.up({ env }));
    expect(messagesOf(succeeded(await stack.preview({ env })), "web"))
      .to.contain("1/5 gardenlinux 1592.10.0 → 1877.3.0")
      .and.to.contain("5/5 Kubernetes 1.34.3 → 1.35.2")
      .and.to.contain("nodes are replaced pool-a 5 times: 15 nodes in all");
    scene.kubelets.splice(0);
    succeeded(await stack.up({ env }));
    expect(written()).to.deep.equal([IMAGE, "1.32.9", "1.33.7", "1.34.3", "1.35.2"]);
    expect(scene.kubelets).to.deep.equal(three("1.31.9", "1.32.9", "1.33.7", "1.34.3", "1.35.2"));
    expect(await scene.web()).to.deep.equal(DONE);
    expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
  });

  it("is performed by a saved plan as a whole, with nothing pending after it", async () => {
    const { env, written, ...set } = await setMinorsOnCleura("1.32.9");
    ({ scene, stack } = set);
    succeeded(await stack.up({ env }));
    const plan = path.join(stack.folder, "plan.json");
    const preview = succeeded(await stack.preview({ env, savePlan: plan }));
    expect(messagesOf(preview, "web"))
      .to.contain("1/4 gardenlinux 1592.10.0 → 1877.3.0")
      .and.to.contain("4/4 Kubernetes 1.34.3 → 1.35.2");
    expect(written()).to.deep.equal([]);
    scene.kubelets.splice(0);
    succeeded(await stack.up({ env, plan }));
    expect(written()).to.deep.equal([IMAGE, "1.33.7", "1.34.3", "1.35.2"]);
    expect(scene.kubelets).to.deep.equal(three("1.32.9", "1.33.7", "1.34.3", "1.35.2"));
    expect(await scene.web()).to.deep.equal(DONE);
    const { state, kubernetesVersion } = await stack.outputs();
    expect([state?.value, kubernetesVersion?.value]).to.deep.equal(["upToDate", "1.35.2"]);
    succeeded(await stack.preview({ env, expectNoChanges: true }));
  });

  it("takes one minor a run with maxMinors, the image with the first, and is pending until the last", async () => {
    const { env, written, cleura, ...set } = await setMinorsOnCleura("1.32.9", () => {
      const { state, kubernetesVersion, workers } = new gardener.ShootVersions("web", {
        shoot: { name: "web" },
        kubernetes: { version: "1.35" },
        machineImage: { version: IMAGE },
        adopt: "upgrade",
        rollout: { maxMinors: 1 },
      });
      return Promise.resolve({ state, kubernetesVersion, workers });
    });
    ({ scene, stack } = set);
    const runs: unknown[] = [];
    for (let run = 0; run < 3; run += 1) {
      cleura.requests.length = 0;
      scene.kubelets.splice(0);
      succeeded(await stack.up({ env }));
      const { state, kubernetesVersion, workers } = await stack.outputs();
      const live = await scene.web();
      expect([live.kubernetes, live.pins, live.annotation]).to.deep.equal([kubernetesVersion?.value, {}, ""]);
      expect(workers?.value).to.have.nested.property("pool-a.machineImage.version", IMAGE);
      expect(workers?.value).to.have.nested.property("pool-a.kubernetesVersion", live.kubernetes);
      runs.push([written(), scene.kubelets.slice(), live.kubernetes, state?.value]);
    }
    expect(runs).to.deep.equal([
      [[IMAGE, "1.33.7"], three("1.32.9", "1.33.7"), "1.33.7", "pending"],
      [["1.34.3"], three("1.34.3"), "1.34.3", "pending"],
      [["1.35.2"], three("1.35.2"), "1.35.2", "upToDate"],
    ]);
    succeeded(await stack.preview({ env, expectNoChanges: true }));
  });

  it("performs with a saved plan no more minors than maxMinors allowed when it was saved", async () => {
    let maxMinors: number | undefined = 1;
    const { env, written, ...set } = await setMinorsOnCleura("1.33.7", () => {
      const { state } = new gardener.ShootVersions("web", {
        shoot: { name: "web" },
        kubernetes: { version: "1.35" },
        rollout: maxMinors === undefined ? {} : { maxMinors },
      });
      return Promise.resolve({ state });
    });
    ({ scene, stack } = set);
    succeeded(await stack.up({ env }));
    const plan = path.join(stack.folder, "plan.json");
    succeeded(await stack.preview({ env, savePlan: plan }));
    succeeded(await stack.up({ env, plan }));
    expect(written()).to.deep.equal(["1.34.3"]);
    expect((await stack.outputs())["state"]?.value).to.equal("pending");
    maxMinors = undefined;
    succeeded(await stack.up({ env }));
    expect(written()).to.deep.equal(["1.34.3", "1.35.2"]);
    expect(await scene.web()).to.deep.equal(DONE);
  });

  it("gives a canary pool its image first, and warns that a minor rolls all pools together", async () => {
    const { env, written, ...set } = await setMinorsOnCleura(
      "1.34.3",
      () => {
        const { state } = new gardener.ShootVersions("web", {
          shoot: { name: "web" },
          kubernetes: { version: "1.35" },
          machineImage: { version: IMAGE },
          workers: { canary: { order: -1 } },
        });
        return Promise.resolve({ state });
      },
      [{ name: "pool-a" }, { name: "canary", nodes: 1 }],
    );
    ({ scene, stack } = set);
    succeeded(await stack.up({ env }));
    expect(messagesOf(succeeded(await stack.preview({ env })), "web"))
      .to.contain("1/3 gardenlinux 1592.10.0 → 1877.3.0: canary, 1 node")
      .and.to.contain("2/3 gardenlinux 1592.10.0 → 1877.3.0: pool-a, 3 nodes")
      .and.to.contain("[GU079]")
      .and.to.contain("this garden rolls all worker pools together at Kubernetes 1.35.2");
    scene.created.splice(0);
    succeeded(await stack.up({ env }));
    expect(written()).to.deep.equal([IMAGE, IMAGE, "1.35.2"]);
    expect(scene.created.slice(0, 4)).to.deep.equal(["canary", "pool-a", "pool-a", "pool-a"]);
    expect(scene.created).to.have.length(8);
    expect(await scene.web()).to.deep.equal(DONE);
  });
});
