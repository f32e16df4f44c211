import { expect } from "chai";
import { aPool, everyCapability } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aScene,
  failure,
  IMAGE,
  OLD_NODES,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  patched,
  stepsFor,
  targetOf,
} from "./scene";
import { limits, BOTH, imaged, patchedToo, finish } from "./steps";

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
    expect(scene.statuses.at(-1)).to.match(/^\[1\/2\] web: 40 %/);
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
    expect(scene.statuses.at(-1)).to.equal("[2/2] web: waiting · the garden is busy: not now.");
  });

  it("plans again before each step, and performs no more than was checked", async () => {
    const scene = aScene(aCluster(), limits);
    const checked = stepsFor(IMAGE, scene.live, ONE_AT_A_TIME);
    const running = scene.start(BOTH, { checked });
    await quiet();
    expect(failure(running).code).to.equal("GU038");
    expect(scene.changes).to.deep.equal([]);
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
    const checked = stepsFor(PATCH, scene.live, ONE_AT_A_TIME);
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
