import { expect } from "chai";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aScene,
  failure,
  MINUTE,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  targetOf,
} from "./scene";

const limits = { capabilities: ONE_AT_A_TIME };

describe("a garden that is busy", () => {
  it("is retried with growing pauses, until it accepts the change", async () => {
    const scene = aScene(aCluster(), limits);
    for (let times = 0; times < 3; times++) {
      scene.answers.push(() => ({ kind: "busy", message: "another change is being reconciled" }));
    }
    scene.start(PATCH);
    await quiet();
    expect(scene.changes).to.have.length(1);
    await scene.clock.advance(5_000);
    expect(scene.changes).to.have.length(2);
    await scene.clock.advance(9_000);
    expect(scene.changes).to.have.length(2);
    await scene.clock.advance(21_000);
    expect(scene.accepted).to.have.length(1);
    expect(scene.statuses.join("\n")).to.contain("the garden is busy: another change is being reconciled");
  });

  it("is an error after the progress deadline, with its message", async () => {
    const scene = aScene(aCluster(), limits);
    for (let times = 0; times < 1000; times++)
      scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    const running = scene.start(PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    await scene.clock.advance(9 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(2 * MINUTE);
    expect(failure(running).code).to.equal("GU051");
    expect(failure(running).message).to.contain("not now").and.to.contain("Nothing was written");
  });

  it("is awaited as long as the other operation makes progress", async () => {
    const scene = aScene(aCluster(), limits);
    for (let times = 0; times < 1000; times++)
      scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    const running = scene.start(PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    for (let progress = 1; progress < 5; progress++) {
      await scene.clock.advance(8 * MINUTE);
      await scene.move({ conditions: [], lastErrors: [{ description: `task ${progress}`, codes: [] }] });
    }
    expect(running.running()).to.equal(true);
    await scene.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU051");
  });

  it("is awaited up to the timeout of the step", async () => {
    const scene = aScene(aCluster(), limits);
    for (let times = 0; times < 99; times++) scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    const running = scene.start(PATCH, { options: { timeoutMs: 5 * MINUTE } });
    await scene.clock.advance(6 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });

  it("is no longer awaited once the rollout is aborted", async () => {
    const scene = aScene(aCluster(), limits);
    const stop = new AbortController();
    for (let times = 0; times < 9; times++) scene.answers.push(() => ({ kind: "busy", message: "not now" }));
    const running = scene.start(PATCH, { signal: stop.signal });
    await quiet();
    stop.abort();
    await quiet();
    expect(failure(running).code).to.equal("GU058");
  });
});

describe("a garden that is busy again after a wait", () => {
  it("has its own progress deadline each time", async () => {
    const scene = aScene(aCluster(), limits);
    let busy = true;
    for (let times = 0; times < 999; times++) {
      scene.answers.push((change, live) => (busy ? { kind: "busy", message: "no" } : accept(change, live)));
    }
    const running = scene.start(PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    await scene.clock.advance(8 * MINUTE);
    scene.live = { ...scene.live, lastOperation: operation("Processing", 5) };
    await scene.clock.advance(MINUTE);
    await scene.succeed();
    await scene.clock.advance(8 * MINUTE);
    expect(running.running()).to.equal(true);
    busy = false;
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
  });

  it("is within a timeout that is longer", async () => {
    const scene = aScene(aCluster(), limits);
    for (let times = 0; times < 3; times++) scene.answers.push(() => ({ kind: "busy", message: "no" }));
    const running = scene.start(PATCH, { options: { timeoutMs: 60 * MINUTE } });
    await scene.clock.advance(2 * MINUTE);
    expect(running.error()).to.equal(undefined);
    expect(scene.accepted).to.have.length(1);
  });

  it("has its own progress deadline, too, where nothing of the Shoot is new", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Succeeded", 100) }), limits);
    for (let times = 0; times < 999; times++) scene.answers.push(() => ({ kind: "busy", message: "no" }));
    const running = scene.start(PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
    await scene.clock.advance(MINUTE);
    const rest = scene.live;
    for (let times = 0; times < 3; times++) {
      scene.live = { ...rest, lastOperation: operation("Processing", 5) };
      await scene.clock.advance(MINUTE);
      await scene.move(rest);
      await scene.clock.advance(4 * MINUTE);
    }
    expect(running.error()).to.equal(undefined);
    await scene.clock.advance(10 * MINUTE);
    expect(failure(running).code).to.equal("GU051");
  });

  it("shows which of several steps waits", async () => {
    const scene = aScene(aCluster(), limits);
    scene.answers.push(() => ({ kind: "busy", message: "no" }));
    scene.start(targetOf("1.33.9", "1877.3.0"));
    await quiet();
    expect(scene.statuses.at(-1)).to.equal("[1/2] web: waiting · the garden is busy: no.");
  });
});
