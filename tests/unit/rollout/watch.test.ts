/** What a rollout makes of the watches of the Shoot and of its nodes. */
import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aNode,
  aScene,
  failure,
  MINUTE,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  patched,
  underWay,
} from "./scene";

describe("the watch of the Shoot", () => {
  it("fails the rollout where the garden ends it", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.endWatch();
    expect(failure(running)).to.have.property("code", "GU013");
    expect(failure(running).message).to.match(/^web: .*the next `pulumi up` continues/);
  });

  it("fails the rollout with a bug as such", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    const bug = new TypeError("a bug");
    await scene.breakWatch(bug);
    expect(running.error()).to.equal(bug);
  });

  it("is not started where the rollout is aborted during the write", async () => {
    const scene = aScene();
    const stop = new AbortController();
    scene.answers.push((change, live) => {
      stop.abort();
      return accept(change, live);
    });
    const running = scene.start(PATCH, { signal: stop.signal });
    await quiet();
    expect(failure(running)).to.have.property("code", "GU058");
    expect([scene.watchers(), scene.clock.sleepers()]).to.deep.equal([0, 0]);
  });

  it("does not report a state from before the write as somebody else's change, without resource versions", async () => {
    const scene = aScene(aCluster(), { capabilities: ONE_AT_A_TIME });
    const running = await underWay(scene, PATCH);
    await scene.send({ kind: "seen", shoot: aCluster() });
    expect(running.running()).to.equal(true);
  });

  for (const resourceVersion of ["x99", "99x", ""]) {
    it(`is not ordered by resource versions that are no integers: ${JSON.stringify(resourceVersion)}`, async () => {
      const scene = aScene();
      const running = await underWay(scene, PATCH);
      await scene.setNodes(patched());
      await scene.send({
        kind: "seen",
        shoot: {
          ...scene.live,
          resourceVersion,
          observedGeneration: scene.live.generation,
          lastOperation: operation("Succeeded", 100),
        },
      });
      expect(running.outcome()).to.include({ kind: "done" });
    });
  }

  it("that is interrupted is reported where the progress deadline passes", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    await scene.send({ kind: "interrupted", message: "connection refused" });
    await scene.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
    expect(failure(running).message).to.include("The watch is interrupted: connection refused.");
  });

  it("is reported without what is not known where the progress deadline passes", async () => {
    const scene = aScene();
    scene.nodes = undefined;
    const running = await underWay(scene, PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    await scene.clock.advance(11 * MINUTE);
    expect(failure(running).message)
      .to.include("no progress for 10m (rollout.progressDeadline)")
      .and.not.include("Nodes not yet updated")
      .and.not.include("interrupted");
  });
});

describe("the watch of the nodes", () => {
  it("is not tried again where the nodes cannot be listed at all", async () => {
    const scene = aScene();
    scene.nodes = undefined;
    await underWay(scene, PATCH);
    await scene.clock.advance(5 * MINUTE);
    expect(scene.clusterOpens()).to.equal(1);
  });

  it("is not tried again without the right to list them", async () => {
    const scene = aScene();
    scene.openErrors.push(new UserError("GU008", "the right is missing"));
    await underWay(scene, PATCH);
    await scene.clock.advance(5 * MINUTE);
    expect(scene.clusterOpens()).to.equal(1);
  });

  it("is tried again after another failure", async () => {
    const scene = aScene();
    scene.openErrors.push(new UserError("GU005", "cannot be reached"));
    const running = await underWay(scene, PATCH);
    scene.nodes = patched();
    await scene.clock.advance(MINUTE);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("is tried again without the right that it had before", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.breakNodesWatch(new UserError("GU008", "the right is missing"));
    scene.nodes = patched();
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("shows the change before the Shoot does, where the Shoot is polled", async () => {
    const scene = aScene(aCluster(), { capabilities: ONE_AT_A_TIME });
    scene.start(PATCH);
    await quiet();
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.equal(
      "[1/1] web: queued · waiting for Gardener to start reconciling the change",
    );
    await scene.setNodes([...patched(["n1"]), aNode("n2"), aNode("n3")]);
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: started · pool-a 1/3 nodes on 1.33.9");
  });

  it("counts a pool's nodes as when it began, without surge nodes", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    await scene.clock.advance(5_000);
    await scene.setNodes([...patched(["m1"]), aNode("n1"), aNode("n2"), aNode("n3")]);
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: 0 % · pool-a 1/3 nodes on 1.33.9");
  });
});
