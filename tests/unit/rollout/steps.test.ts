import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { splitForGarden, pending } from "../../../provider/plan";
import { aPool, everyCapability } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aNode,
  aScene,
  failure,
  HOLD,
  IMAGE,
  MINUTE,
  OLD_NODES,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  patched,
  targetOf,
  type Scene,
} from "./scene";

const limits = { capabilities: ONE_AT_A_TIME };
const BOTH = targetOf("1.33.9", "1877.3.0");

/** The nodes after the image has come, and after the patch as well. */
const imaged = ["m1", "m2", "m3"].map((name) =>
  aNode(name, { osImage: "Garden Linux 1877.3", created: new Date("2026-11-23T11:00:00Z") }),
);
const patchedToo = imaged.map((node) => ({ ...node, kubeletVersion: "1.33.9" }));

async function finish(scene: Scene, nodes: typeof imaged): Promise<void> {
  await scene.begin();
  await scene.setNodes(nodes);
  await scene.succeed();
}

describe("a rollout on a garden that accepts one change at a time", () => {
  it("writes the image, awaits it, and only then writes Kubernetes", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    expect(
      scene.changes.map(({ kubernetesVersion, workers }) => [kubernetesVersion, workers.length]),
    ).to.deep.equal([[undefined, 1]]);
    await finish(scene, imaged);
    expect(
      scene.changes.map(({ kubernetesVersion, workers }) => [kubernetesVersion, workers.length]),
    ).to.deep.equal([
      [undefined, 1],
      ["1.33.9", 0],
    ]);
    expect(running.running()).to.equal(true);
    await finish(scene, patchedToo);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("writes one pool after the other", async () => {
    const scene = aScene(aCluster({ workers: [aPool(), aPool({ name: "gpu" })] }), limits);
    scene.nodes = undefined;
    scene.start(targetOf(undefined, "1877.3.0", ["pool-a", "gpu"]));
    await quiet();
    await scene.begin();
    await scene.succeed();
    expect(scene.changes.map(({ workers }) => workers.map(({ name }) => name))).to.deep.equal([
      ["pool-a"],
      ["gpu"],
    ]);
  });

  it("shows which step it performs, and reports the result of each", async () => {
    const scene = aScene(aCluster(), limits);
    scene.start(BOTH);
    await quiet();
    await scene.begin({ lastOperation: operation("Processing", 40) });
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.match(/^\[1\/1\] web: 1\/2 40 %/);
    await finish(scene, imaged);
    await finish(scene, patchedToo);
    expect(scene.infos).to.have.length(2);
    expect(scene.infos[0]).to.contain("web: pool-a on gardenlinux 1877.3.0, 3 nodes verified");
    expect(scene.infos[1]).to.contain("web: Kubernetes 1.33.9, 3 nodes verified");
  });

  it("shows which step it performs while it waits to write it", async () => {
    const scene = aScene(aCluster(), limits);
    scene.start(BOTH);
    await quiet();
    scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    await finish(scene, imaged);
    await scene.clock.advance(4_000);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: 2/2 waiting · the garden is busy: not now.");
  });

  it("plans again before each step, and performs no more than was checked", async () => {
    const scene = aScene(aCluster(), limits);
    const checked = splitForGarden(pending(IMAGE, scene.live), ONE_AT_A_TIME);
    const running = scene.start(BOTH, { checked });
    await quiet();
    expect(failure(running).code).to.equal("GU038");
    expect(scene.changes).to.deep.equal([]);
  });

  it("reports what was completed before a step that fails", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    scene.answers.push(() => ({ kind: "refused", message: "1.33.9 is not allowed" }));
    await finish(scene, imaged);
    const { code, message } = failure(running);
    expect(code).to.equal("GU050");
    expect(message)
      .to.contain("1.33.9 is not allowed")
      .and.to.contain("Completed before: gardenlinux 1592.10.0 → 1877.3.0");
  });

  it("is complete early where somebody else has written the rest meanwhile", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    scene.live = { ...scene.live, kubernetesVersion: "1.33.9" };
    await scene.succeed();
    await scene.setNodes(imaged.map((node) => ({ ...node, kubeletVersion: "1.33.9" })));
    expect(running.outcome()).to.include({ kind: "done" });
    expect(scene.changes).to.have.length(1);
  });

  it("does not take an older success for that of what another run has just written", async () => {
    const scene = aScene(aCluster(), limits);
    const checked = pending(PATCH, scene.live);
    scene.onRead(() => {
      scene.live = { ...scene.live, kubernetesVersion: "1.33.9" };
    });
    scene.nodes = OLD_NODES;
    const running = scene.start(PATCH, { checked });
    await quiet();
    expect(running.running()).to.equal(true);
    await scene.setNodes(patched());
    expect(running.outcome()).to.include({ kind: "done" });
    expect(scene.changes).to.deep.equal([]);
  });

  it("is not complete before the rest is that somebody else has written meanwhile", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    scene.onRead(() => {
      scene.live = {
        ...scene.live,
        kubernetesVersion: "1.33.9",
        generation: scene.live.generation + 1,
        lastOperation: operation("Processing", 5),
      };
    });
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await finish(scene, patchedToo);
    expect(running.outcome()).to.include({ kind: "done" });
    expect(scene.changes).to.have.length(1);
  });

  it("writes the first step and reports what is left where it does not wait", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { options: { wait: false } });
    await quiet();
    expect(running.outcome()).to.include({ kind: "written" });
    expect(scene.changes).to.have.length(1);
    expect(scene.infos.join("\n")).to.contain(
      "1 step left for the next `pulumi up`: Kubernetes 1.33.4 → 1.33.9",
    );
  });

  it("stops at a hold that is set between two steps, and reports what was completed", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    await scene.move({ annotations: { [HOLD]: "trade fair" } });
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "held" });
    expect(scene.changes).to.have.length(1);
    expect(scene.warnings.map(({ code }) => code)).to.deep.equal(["GU045"]);
    expect(scene.warnings[0]?.message).to.contain("after: gardenlinux 1592.10.0 → 1877.3.0");
  });

  it("writes no minor to a Shoot that is hibernated between two steps", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(targetOf("1.34.3", "1877.3.0"));
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    await scene.move({ hibernation: { enabled: true, hibernated: false } });
    await scene.succeed();
    expect(failure(running).code).to.equal("GU044");
    expect(failure(running).message).to.contain("hibernated").and.to.contain("Completed before");
    expect(scene.changes).to.have.length(1);
  });

  it("writes no further step once another rollout has failed", async () => {
    let failed = false;
    const assertMayWrite = async (): Promise<void> => {
      if (failed) throw new UserError("GU055", "web: not written, because the rollout of other failed.");
    };
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { assertMayWrite });
    await quiet();
    failed = true;
    await finish(scene, imaged);
    expect(failure(running).code).to.equal("GU055");
    expect(failure(running).message).to.contain("Completed before");
    expect(scene.changes).to.have.length(1);
  });

  it("counts the timeout for each step separately", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { options: { timeoutMs: 60 * MINUTE } });
    await quiet();
    await scene.begin();
    await scene.clock.advance(50 * MINUTE);
    await finish(scene, imaged);
    await scene.begin();
    await scene.clock.advance(50 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });
});

describe("a rollout on a garden without generations", () => {
  for (const state of ["Processing", "Pending", "Error"] as const) {
    it(`writes nothing while an operation is in progress: ${state}`, async () => {
      const scene = aScene(aCluster({ lastOperation: operation(state, 30) }), limits);
      scene.start(PATCH);
      await quiet();
      expect(scene.changes).to.deep.equal([]);
      await scene.succeed();
      expect(scene.changes).to.have.length(1);
    });
  }

  it("writes after one that has failed, which will not end any more", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Failed", 30) }), limits);
    scene.start(PATCH);
    await quiet();
    expect(scene.changes).to.have.length(1);
  });

  it("names no command that only a Gardener API server accepts", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(PATCH);
    await quiet();
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).message).not.to.contain("kubectl");
    expect(failure(running).message).to.contain("control panel");
  });
});

describe("a rollout of several steps on a garden with generations", () => {
  const capabilities = { ...everyCapability, combinedWrites: false };

  it("is complete at once where somebody else has completed the rest during the first", async () => {
    const scene = aScene(aCluster(), { capabilities });
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    await scene.setNodes(patchedToo);
    scene.onRead(() => {
      scene.live = { ...scene.live, kubernetesVersion: "1.33.9" };
    });
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(scene.changes).to.have.length(1);
  });

  it("has nodes that are not visible where those of one step are not", async () => {
    const scene = aScene(aCluster(), { capabilities });
    scene.nodes = undefined;
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    scene.onRead(() => (scene.nodes = patchedToo));
    await scene.succeed();
    await scene.begin();
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "notVisible" });
    expect(scene.changes).to.have.length(2);
  });
});
