import { expect } from "chai";
import type { EngineStatus } from "../../../provider/engine/client";
import { createLiveness, noEngine } from "../../../provider/engine/liveness";
import { systemClock } from "../../../provider/model/clock";
import { UserError } from "../../../provider/model/problem";

describe("the engine that started the provider's process", () => {
  let over = false;
  beforeEach(() => (over = false));
  // Or it would be checked for ever.
  afterEach(() => (over = true));

  /** Answers in turn; the last one stays. Sleeps take no time. */
  function start(...answers: readonly EngineStatus[]) {
    let asked = 0;
    let ended = 0;
    const clock = { ...systemClock, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const liveness = createLiveness(
      () =>
        Promise.resolve(over ? "unavailable" : (answers[Math.min(asked++, answers.length - 1)] ?? "running")),
      clock,
      () => (ended += 1),
    );
    return { liveness, ended: () => ended };
  }

  async function goneFrom(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }

  it("lets a write continue while it answers", async () => {
    const { liveness, ended } = start("running");
    await liveness.assertRunning();
    expect([liveness.ended.aborted, ended()]).to.deep.equal([false, 0]);
  });

  it("may have any number of rollouts listen to its end, without a warning of a leak", async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => warnings.push(name);
    process.on("warning", note);
    for (const { ended } of [start("running").liveness, noEngine]) {
      for (let rollout = 0; rollout < 20; rollout++) ended.addEventListener("abort", () => rollout);
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).to.deep.equal([]);
  });

  it("is gone once nothing listens at its address, and then the process ends by itself", async () => {
    const { liveness, ended } = start("running", "running", "unavailable");
    await goneFrom(liveness.ended);
    expect(ended()).to.equal(1);
  });

  it("lets nothing be written once it is gone", async () => {
    const { liveness } = start("unavailable");
    const failure = await liveness.assertRunning().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UserError).with.property("code", "GU058");
  });

  it("is not gone because one connection was refused", async () => {
    const { liveness, ended } = start("unavailable", "running");
    await liveness.assertRunning();
    expect(ended()).to.equal(0);
  });

  it("holds a write back while it is suspended", async () => {
    const { liveness, ended } = start("silent", "silent", "silent", "running");
    await liveness.assertRunning();
    expect(ended()).to.equal(0);
  });
});
