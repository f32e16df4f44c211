import { expect } from "chai";
import { aPolledGarden, MINUTE, rolling, type Polled } from "./polled";

const NAMES = Array.from({ length: 12 }, (_, index) => `web-${index}`);

describe("the poller's reads while the rollouts of twelve Shoots are awaited", () => {
  let polled: Polled;
  beforeEach(() => (polled = aPolledGarden()));
  afterEach(() => polled.close());

  for (const apartMs of [0, 500, 1_000, 3_000, 3_500]) {
    it(`are one list every six seconds, begun ${apartMs} ms apart`, async () => {
      for (const name of NAMES) {
        polled.set(rolling(10, name));
        polled.watch(name);
        await polled.clock.advance(apartMs);
      }
      await polled.clock.advance(MINUTE);
      polled.calls.length = 0;
      await polled.clock.advance(10 * MINUTE);
      expect(polled.calls).to.have.length(100);
      for (const { kind, names } of polled.calls) {
        expect(kind).to.equal("list");
        expect(names).to.have.members(NAMES);
      }
    });
  }
});
