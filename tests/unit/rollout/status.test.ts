import { expect } from "chai";
import { aNode, aScene, MINOR, MINUTE, operation, patched, PATCH, underWay, upgraded } from "./scene";

describe("the status line of a rollout", () => {
  it("shows the progress of the operation and of the pools", async () => {
    const scene = aScene();
    await underWay(scene, MINOR);
    await scene.clock.advance(MINUTE);
    await scene.move({ lastOperation: operation("Processing", 42) });
    await scene.setNodes([...upgraded(["m1", "m2"]), aNode("n3")]);
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: 42 % · pool-a 2/3 nodes on 1.34.3");
  });

  it("shows that the watch is interrupted, until it is not", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.send({ kind: "interrupted", message: "connection refused" });
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.at(-1)).to.include("watch interrupted: connection refused");
    expect(running.running()).to.equal(true);
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
  });

  it("is shown at most once in three seconds", async () => {
    const scene = aScene();
    await underWay(scene, MINOR);
    const before = scene.statuses.length;
    for (let progress = 1; progress <= 50; progress += 1) {
      await scene.move({ lastOperation: operation("Processing", progress) });
    }
    expect(scene.statuses.length - before).to.be.at.most(1);
    await scene.clock.advance(3_000);
    expect(scene.statuses.at(-1)).to.include("50 %");
  });

  it("does not show an interruption any more when the watch reports the same Shoot again", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    await scene.send({ kind: "interrupted", message: "connection refused" });
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.at(-1)).to.include("watch interrupted");
    await scene.send({ kind: "seen", shoot: scene.live });
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.at(-1)).not.to.include("watch interrupted");
  });
});
