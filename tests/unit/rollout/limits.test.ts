import { expect } from "chai";
import { createTimeLimits } from "../../../provider/rollout/limits";
import { createAwakeTime } from "../../../provider/rollout/suspension";
import { fakeClock } from "./clock";
import { MINUTE } from "./scene";

function setUp(timeoutMs?: number) {
  const clock = fakeClock();
  const begin = clock.now();
  const limits = createTimeLimits(
    createAwakeTime(clock),
    { progressDeadlineMs: 10 * MINUTE, timeoutMs },
    begin,
  );
  return { clock, limits, exceededAt: () => (limits.exceededAt().getTime() - begin.getTime()) / MINUTE };
}

describe("the time limits of a wait", () => {
  it("are first exceeded at the progress deadline where there is no timeout", () => {
    expect(setUp().exceededAt()).to.equal(10);
  });

  it("are first exceeded at the earlier of progress deadline and timeout", () => {
    expect(setUp(4 * MINUTE).exceededAt()).to.equal(4);
    expect(setUp(60 * MINUTE).exceededAt()).to.equal(10);
  });

  it("count the progress deadline again after progress, and the timeout not", async () => {
    const { clock, limits, exceededAt } = setUp(12 * MINUTE);
    await clock.advance(5 * MINUTE);
    limits.progressed();
    expect(exceededAt()).to.equal(12);
    await clock.advance(6 * MINUTE);
    expect(limits.exceeded()).to.equal(undefined);
    await clock.advance(MINUTE);
    expect(limits.exceeded()).to.deep.equal({ code: "GU057", text: "12m (rollout.timeout)" });
  });

  it("name the progress deadline where that is exceeded", async () => {
    const { clock, limits } = setUp();
    await clock.advance(10 * MINUTE);
    expect(limits.exceeded()).to.deep.equal({ code: "GU054", text: "10m (rollout.progressDeadline)" });
  });
});

describe("a long pause", () => {
  it("is not taken for a suspension of the machine", async () => {
    const clock = fakeClock();
    const time = createAwakeTime(clock);
    const begin = clock.now();
    const slept = time.sleep(10 * MINUTE);
    await clock.advance(10 * MINUTE);
    await slept;
    expect(time.now().getTime() - begin.getTime()).to.equal(10 * MINUTE);
  });
});
