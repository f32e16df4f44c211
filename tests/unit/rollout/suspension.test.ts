/** A machine that is suspended during a rollout. */
import { expect } from "chai";
import type { UpgradeReadiness } from "../../../provider/model/readiness";
import { UserError } from "../../../provider/model/problem";
import { aCondition } from "../builders";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aScene,
  failure,
  MINOR,
  MINUTE,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  patched,
  underWay,
} from "./scene";

const HOUR = 60 * MINUTE;
const STALLED = { progressDeadlineMs: 150 * MINUTE };
const LIMIT = { timeoutMs: 2 * HOUR };

describe("a rollout on a machine that is suspended for hours", () => {
  it("has not stalled when it resumes, and completes with the updates that arrive then", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: STALLED });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.setNodes(patched());
    await scene.succeed();
    expect((await running.ended).kind).to.equal("done");
  });

  it("has not reached its timeout before an update could arrive", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.setNodes(patched());
    await scene.succeed();
    expect((await running.ended).kind).to.equal("done");
  });

  it("has reached its timeout where no update arrives for minutes after it resumed", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });

  it("has not reached its timeout at an update that is no progress", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: LIMIT });
    scene.clock.suspend(8 * HOUR);
    await scene.send({ kind: "interrupted", message: "read ECONNRESET" });
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
  });

  it("has stalled where there is no progress for the deadline, the suspension not counted", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: STALLED });
    await scene.clock.advance(100 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(45 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(10 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
  });

  it("counts from the progress after it", async () => {
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

describe("a wait before a write on a machine that is suspended for hours", () => {
  const DEADLINE = { progressDeadlineMs: 10 * MINUTE };

  it("does not count the suspension as time for which a condition is False", async () => {
    const scene = aScene(aCluster({ conditions: [aCondition({ status: "False" })] }));
    const running = scene.start(MINOR);
    await scene.clock.advance(6 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.move({ conditions: [aCondition()] });
    expect(scene.accepted).to.have.length(1);
  });

  it("ends where the condition stays False for ten minutes, the suspension not counted", async () => {
    const scene = aScene(aCluster({ conditions: [aCondition({ status: "False" })] }));
    const running = scene.start(MINOR);
    await scene.clock.advance(6 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running).code).to.equal("GU044");
  });

  it("does not count the suspension as time for which the garden is busy", async () => {
    const scene = aScene(aCluster(), { capabilities: ONE_AT_A_TIME });
    let busy = true;
    for (let times = 0; times < 99; times++) {
      scene.answers.push((change, live) =>
        busy ? { kind: "busy", message: "not now" } : accept(change, live),
      );
    }
    const running = scene.start(PATCH, { options: DEADLINE });
    await scene.clock.advance(6 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    busy = false;
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
  });

  it("extends a timeout that has passed meanwhile until a busy garden could report again", async () => {
    const scene = aScene(aCluster(), { capabilities: ONE_AT_A_TIME });
    for (let times = 0; times < 99; times++) scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    const running = scene.start(PATCH, { options: LIMIT });
    await quiet();
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(2 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });

  it("does not count the suspension as time for which the garden prepares", async () => {
    let ready = false;
    const readiness = (): Promise<UpgradeReadiness> =>
      Promise.resolve({ outcome: ready ? "ready" : "pending", details: [] });
    const scene = aScene(aCluster(), {
      capabilities: ONE_AT_A_TIME,
      preparation: { prepare: readiness, check: readiness, revert: readiness },
    });
    const running = scene.start(MINOR, { options: DEADLINE });
    await scene.clock.advance(6 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    ready = true;
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
  });

  it("does not count the suspension as time for which a lost write cannot be read back", async () => {
    const scene = aScene();
    let reachable = true;
    const fail = (): void => {
      if (reachable) return;
      scene.onRead(fail);
      throw new UserError("GU005", "cannot be reached", { retryable: true });
    };
    scene.answers.push(() => {
      reachable = false;
      scene.onRead(fail);
      throw new UserError("GU005", "The answer was lost.", { writeOutcome: "unknown", retryable: true });
    });
    const running = scene.start(PATCH, { options: DEADLINE });
    await scene.clock.advance(6 * MINUTE);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    reachable = true;
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
  });
});

describe("a success that has to last, on a machine that is suspended meanwhile", () => {
  it("does not count as lasting before the watch could report what came after it", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9" }), { capabilities: ONE_AT_A_TIME });
    scene.nodes = undefined;
    const running = scene.start(PATCH, { checked: [] });
    await scene.clock.advance(MINUTE / 2);
    scene.clock.suspend(8 * HOUR);
    await scene.clock.advance(2 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.move({ lastOperation: operation("Processing", 5) });
    await scene.clock.advance(5 * MINUTE);
    expect(running.running()).to.equal(true);
  });
});
