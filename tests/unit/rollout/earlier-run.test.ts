import { expect } from "chai";
import { aPool } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aNode,
  aScene,
  OLD_NODES,
  ONE_AT_A_TIME,
  failure,
  HOLD,
  IMAGE,
  MINOR,
  MINUTE,
  operation,
  patched,
  PATCH,
  upgraded,
  targetOf,
} from "./scene";

describe("a rollout that an interrupted run has written", () => {
  const inFlight = () =>
    aCluster({
      kubernetesVersion: "1.34.3",
      generation: 6,
      observedGeneration: 6,
      lastOperation: operation("Processing", 50),
    });

  it("is awaited until it is complete, without a write", async () => {
    const scene = aScene(inFlight());
    const running = scene.start(MINOR, { checked: [] });
    await scene.setNodes([...upgraded(["m1"]), ...OLD_NODES]);
    await scene.clock.advance(MINUTE);
    expect(running.running()).to.equal(true);
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await scene.setNodes(upgraded());
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(scene.changes).to.deep.equal([]);
  });

  it("is awaited also where Gardener has not started to reconcile it", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.34.3", generation: 6 }));
    const running = scene.start(MINOR, { checked: [] });
    await scene.setNodes(upgraded());
    expect(running.running()).to.equal(true);
    await scene.begin();
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("is awaited although the hold annotation is set: it holds only writes", async () => {
    const scene = aScene({ ...inFlight(), annotations: { [HOLD]: "stop" } });
    const running = scene.start(MINOR, { checked: [] });
    await scene.setNodes(upgraded());
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
  });

  it("that has failed is reported at once, with the command that retries the operation", async () => {
    const scene = aScene({ ...inFlight(), lastOperation: operation("Failed", 50) });
    const running = scene.start(MINOR, { checked: [] });
    await quiet();
    expect(failure(running)).to.have.property("code", "GU053");
    expect(failure(running).message).to.include("gardener.cloud/operation=retry");
  });
});

describe("a success that is found after an earlier run's write, on a garden without generations", () => {
  const found = () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9" }), { capabilities: ONE_AT_A_TIME });
    scene.nodes = undefined;
    return scene;
  };

  it("completes the rollout once it has lasted for a minute", async () => {
    const scene = found();
    const running = scene.start(PATCH, { checked: [] });
    await scene.clock.advance(MINUTE - 1);
    expect(running.running()).to.equal(true);
    expect(scene.statuses.at(-1)).to.include("web: 100 %");
    await scene.clock.advance(1);
    expect(running.outcome()).to.include({ kind: "done", nodes: "notVisible" });
  });

  it("has to last anew after an operation in between", async () => {
    const scene = found();
    const running = scene.start(PATCH, { checked: [] });
    await scene.clock.advance(MINUTE / 2);
    await scene.begin();
    await scene.clock.advance(MINUTE);
    await scene.succeed();
    await scene.clock.advance(MINUTE - 1);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(1);
    expect(running.outcome()).to.include({ kind: "done" });
  });

  it("has to last in a hibernated cluster too", async () => {
    const scene = found();
    scene.live = { ...scene.live, hibernation: { enabled: true, hibernated: true } };
    const running = scene.start(PATCH, { checked: [] });
    await scene.clock.advance(MINUTE - 1);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(1);
    expect(running.outcome()).to.include({ kind: "done", nodes: "none" });
  });
});

describe("what an earlier run has not verified", () => {
  it("is verified with nothing left to write", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9" }));
    const running = scene.start(PATCH, { checked: [], unverified: true });
    await quiet();
    expect(running.running()).to.equal(true);
    await scene.setNodes(patched());
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(scene.infos).to.deep.equal(["web: Kubernetes 1.33.9, 3 nodes verified, in 0s"]);
    expect(scene.changes).to.deep.equal([]);
  });

  it("is reported with the images of its pools", async () => {
    const machineImage = { name: "gardenlinux", version: "1877.3.0" };
    const scene = aScene(aCluster({ workers: [aPool({ machineImage }), aPool({ name: "gpu" })] }));
    const running = scene.start(IMAGE, { checked: [], unverified: true });
    await scene.setNodes([aNode("m1", { osImage: "Garden Linux 1877.3" })]);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(scene.infos).to.deep.equal(["web: pool-a on gardenlinux 1877.3.0, 1 node verified, in 0s"]);
  });

  it("has nodes with the image that was verified last, which are outdated", async () => {
    const machineImage = { name: "gardenlinux", version: "1877.3.0" };
    const scene = aScene(aCluster({ workers: [aPool({ machineImage })] }));
    const running = scene.start(IMAGE, {
      checked: [],
      unverified: true,
      lastVerified: targetOf(undefined, "1592.10.0"),
    });
    await quiet();
    expect(running.running()).to.equal(true);
    await scene.setNodes([aNode("m1", { osImage: "Some Linux" })]);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });
});
