/** A machine that sleeps in the middle of a rollout. */
import { expect } from "chai";
import { quiet } from "./clock";
import { aScene, failure, MINUTE, operation, PATCH, patched, underWay } from "./scene";

const HOUR = 60 * MINUTE;
const STALLED = { progressDeadlineMs: 150 * MINUTE };
const LIMIT = { timeoutMs: 2 * HOUR };

describe("a rollout on a machine that sleeps for hours", () => {
  it("has not stalled when it wakes, and ends well with the news that come then", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: STALLED });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.setNodes(patched());
    await scene.succeed();
    expect((await running.ended).kind).to.equal("done");
  });

  it("is not over its time limit before there could be news", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.setNodes(patched());
    await scene.succeed();
    expect((await running.ended).kind).to.equal("done");
  });

  it("is over its time limit where no news come for minutes after it woke", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });

  it("does not take the news of another thing for the end of its patience", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.send({ kind: "interrupted", message: "read ECONNRESET" });
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
  });

  it("has stalled where nothing moves for as long as allowed, the sleep not counted", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: STALLED });
    await scene.clock.advance(100 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(45 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(10 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
  });

  it("counts from what moves after it", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: STALLED });
    scene.clock.suspend(8 * HOUR);
    await scene.move({ lastOperation: operation("Processing", 40) });
    await scene.clock.advance(149 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(2 * MINUTE);
    await quiet();
    expect(failure(running).code).to.equal("GU054");
  });
});
