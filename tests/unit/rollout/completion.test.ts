import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { aPool } from "../builders";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aNode,
  aScene,
  IMAGE,
  MINOR,
  MINUTE,
  operation,
  patched,
  PATCH,
  underWay,
  upgraded,
  targetOf,
} from "./scene";

describe("a rollout is complete", () => {
  it("when the operation on its own generation has succeeded and every node has the version", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.setNodes(patched());
    expect(running.running()).to.equal(true);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("never by a success from before the write", async () => {
    const scene = aScene();
    const running = scene.start(PATCH);
    await scene.setNodes(patched());
    await scene.move({ lastOperation: operation("Succeeded", 100) });
    await scene.send({ kind: "seen", shoot: { ...aCluster(), kubernetesVersion: "1.33.9" } });
    await scene.clock.advance(MINUTE);
    expect(running.running()).to.equal(true);
  });

  it("also where the watch begins with a state from before the write", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.send({ kind: "seen", shoot: aCluster() });
    expect(running.running()).to.equal(true);
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("never by the success of a deletion or a migration", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.setNodes(patched());
    await scene.move({ lastOperation: operation("Succeeded", 100, { type: "Migrate" }) });
    expect(running.running()).to.equal(true);
  });

  it("not while old nodes remain after Gardener's success", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR);
    await scene.setNodes([...upgraded(["m1", "m2", "m3"]), aNode("n3")]);
    await scene.succeed();
    await scene.clock.advance(30 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.setNodes(upgraded());
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("not while the list of nodes is empty and the pool's minimum is not zero", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR);
    await scene.setNodes([]);
    await scene.succeed();
    expect(running.running()).to.equal(true);
  });

  it("with an image when every node is younger than the write", async () => {
    const scene = aScene();
    await scene.clock.advance(MINUTE);
    const running = await underWay(scene, IMAGE);
    await scene.clock.advance(MINUTE);
    const young = { created: scene.clock.now(), osImage: "Some Linux" };
    await scene.succeed();
    await scene.setNodes([aNode("m1", young), aNode("n2")]);
    expect(running.running()).to.equal(true);
    await scene.setNodes([aNode("m1", young), aNode("m2", young), aNode("m3", young)]);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("with nodes that are younger than the write by the garden's clock, however far ahead ours is", async () => {
    const scene = aScene();
    const now = scene.clock.now().getTime();
    const [at, created, seen] = [60, 50, 30].map((minutes) => new Date(now - minutes * MINUTE));
    const machineImage = { name: "gardenlinux", version: "1877.3.0" };
    const shoot = aCluster({ generation: 6, workers: [aPool({ machineImage })] });
    scene.answers.push(() => ({ kind: "accepted", shoot, warnings: [], at }));
    const running = scene.start(IMAGE);
    await quiet();
    await scene.begin({ lastOperation: operation("Processing", 40, { lastUpdateTime: seen }) });
    const young = { created, osImage: "Some Linux" };
    await scene.setNodes(["m1", "m2", "m3"].map((name) => aNode(name, young)));
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("not while a node is older than the write by the garden's clock, however far behind ours is", async () => {
    const scene = aScene();
    scene.answers.push((change, live) => ({ ...accept(change, live), at: new Date("2026-11-23T11:00:00Z") }));
    const running = scene.start(IMAGE);
    await quiet();
    await scene.begin({
      lastOperation: operation("Processing", 0, { lastUpdateTime: new Date("2026-11-23T11:00:02Z") }),
    });
    const imaged = (created: string) =>
      ["m1", "m2", "m3"].map((name) => aNode(name, { osImage: "Garden Linux", created: new Date(created) }));
    await scene.setNodes(imaged("2026-11-23T10:30:00Z"));
    await scene.move({
      observedGeneration: scene.live.generation,
      lastOperation: operation("Succeeded", 100, { lastUpdateTime: new Date("2026-11-23T11:10:00Z") }),
    });
    expect(running.running()).to.equal(true);
    await scene.setNodes(imaged("2026-11-23T11:05:00Z"));
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("regardless of the nodes of pools that the step does not change", async () => {
    const scene = aScene(aCluster({ workers: [aPool(), aPool({ name: "gpu" })] }));
    const target = targetOf(undefined, "1877.3.0", ["pool-a"]);
    const running = await underWay(scene, target);
    await scene.setNodes([aNode("m1", { osImage: "Garden Linux 1877.3" }), aNode("g1", { pool: "gpu" })]);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("without nodes where the cluster is hibernated", async () => {
    const scene = aScene(aCluster({ hibernation: { enabled: true, hibernated: true } }));
    const running = await underWay(scene, PATCH);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "none" });
    expect(scene.clusterOpens()).to.equal(0);
  });

  it("without the nodes where the user may not list them", async () => {
    const scene = aScene();
    scene.nodes = undefined;
    const running = await underWay(scene, PATCH);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "notVisible" });
    expect(scene.infos.join()).to.include("nodes not visible from here");
  });

  it("without the nodes, naming the missing right to list them", async () => {
    const scene = aScene();
    scene.openErrors.push(new UserError("GU008", "the right to create shoots/viewerkubeconfig is missing"));
    const running = await underWay(scene, PATCH);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "notVisible" });
    expect(scene.infos.join()).to.include("the right to create shoots/viewerkubeconfig is missing");
  });

  it("without the nodes where they cannot be listed within a minute of the success", async () => {
    const scene = aScene();
    for (let count = 0; count < 100; count += 1) scene.openErrors.push(new Error("no route to host"));
    const running = await underWay(scene, PATCH);
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.include({ kind: "done", nodes: "notVisible" });
    expect(scene.infos.join()).to.include("no route to host");
  });

  it("also after the watch of the nodes has failed and was established again", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.breakNodesWatch(new Error("certificate has expired"));
    scene.nodes = patched();
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("not without the nodes once outdated ones were listed, though their watch fails", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    scene.nodes = undefined;
    await scene.breakNodesWatch(new Error("certificate has expired"));
    await scene.clock.advance(MINUTE);
    await scene.succeed();
    await scene.clock.advance(MINUTE);
    expect(running.running()).to.equal(true);
    scene.nodes = patched();
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("also where somebody else raises the versions during the rollout", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({ kubernetesVersion: "1.33.12", generation: 7 });
    await scene.begin();
    await scene.setNodes(patched().map((node) => ({ ...node, kubeletVersion: "1.33.12" })));
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(running.outcome()?.shoot.kubernetesVersion).to.equal("1.33.12");
  });

  it("and reports it in one line", async () => {
    const scene = aScene();
    await underWay(scene, targetOf("1.34.3", "1877.3.0"));
    await scene.clock.advance(12 * MINUTE + 3_000);
    await scene.setNodes(["m1", "m2", "m3"].map((name) => aNode(name, { kubeletVersion: "1.34.3" })));
    await scene.succeed();
    expect(scene.infos).to.deep.equal([
      "web: Kubernetes 1.34.3, pool-a on gardenlinux 1877.3.0, 3 nodes verified, in 12m 3s",
    ]);
  });

  it("and leaves no watch and no timer running", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.running()).to.equal(false);
    expect(scene.watchers()).to.equal(0);
    expect(scene.clock.sleepers()).to.equal(0);
  });

  it("without the nodes of a pool that is updated manually, and reports the label that updates them", async () => {
    const scene = aScene(aCluster({ workers: [aPool({ updateStrategy: "ManualInPlaceUpdate" })] }));
    const running = await underWay(scene, MINOR);
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
    expect(scene.infos.join()).to.include("selected-for-update=true").and.include("pool-a");
  });
});
