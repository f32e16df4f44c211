import { expect } from "chai";
import { systemClock } from "../../../provider/model/clock";

describe("the system's clock", () => {
  it("ends a pause when its time is over", async () => {
    const before = systemClock.now();
    await systemClock.sleep(1);
    expect(systemClock.now().getTime()).to.be.at.least(before.getTime());
  });

  it("ends a pause at once when it is aborted", async () => {
    const alarm = new AbortController();
    const asleep = systemClock.sleep(2 ** 40, alarm.signal);
    alarm.abort();
    await asleep;
    await systemClock.sleep(2 ** 40, AbortSignal.abort());
  });
});
