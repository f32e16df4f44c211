import { expect } from "chai";
import type { Shoot } from "../../../../provider/model/shoot";
import { quiet } from "../../rollout/clock";
import { aPolledGarden, MINUTE, rolling, shootNamed, type Polled } from "./polled";

describe("the poller's reads", () => {
  let polled: Polled;
  beforeEach(() => (polled = aPolledGarden()));
  afterEach(() => polled.close());

  const times = () => polled.calls.map(({ at }) => at);

  for (const [what, shoot, reads] of [
    ["while the Shoot rolls", rolling(10), 100],
    ["of a Shoot at rest", shootNamed("web"), 40],
    ["while Gardener waits after an error", shootNamed("web", { state: "Error" }), 40],
    ["while Gardener has not observed a change", { ...shootNamed("web"), generation: 1 }, 100],
  ] satisfies readonly (readonly [string, Shoot, number])[]) {
    it(`are ${reads} in ten minutes ${what}`, async () => {
      polled.set(shoot);
      polled.watch();
      await polled.clock.advance(MINUTE);
      polled.calls.length = 0;
      await polled.clock.advance(10 * MINUTE);
      expect(polled.calls).to.have.length(reads);
    });
  }

  it("fetch several Shoots in one list, after the first by itself", async () => {
    const names = ["web", "api", "db"];
    for (const name of names) polled.set(rolling(10, name));
    const watches = names.map((name) => polled.watch(name));
    await polled.clock.advance(MINUTE - 1);
    const [first, second, ...others] = polled.calls;
    expect(first).to.deep.include({ kind: "one", names: ["web"] });
    expect(second).to.deep.include({ kind: "list", names: ["api", "db"] });
    expect(others).to.have.length(9);
    for (const call of others) expect(call).to.deep.include({ kind: "list", names });
    for (const watch of watches) expect(watch.kinds()).to.deep.equal(["seen"]);
  });

  it("fetch one Shoot by itself again when the others are no longer watched", async () => {
    polled.set(rolling(10));
    polled.set(rolling(10, "api"));
    polled.watch();
    const other = polled.watch("api");
    await polled.clock.advance(8_000);
    other.stop();
    polled.calls.length = 0;
    await polled.clock.advance(8_000);
    expect(polled.calls.map(({ kind, names }) => [kind, ...names])).to.deep.equal([["one", "web"]]);
  });

  it("become less frequent while they fail, up to one every half minute", async () => {
    polled.fail({ kind: "failed", message: "the connection is down" });
    polled.watch();
    await polled.clock.advance(2 * MINUTE);
    expect(times()).to.deep.equal([0, 6, 18, 42, 72, 102]);
  });

  it("wait for as long as an overloaded server requests, and stay infrequent for two minutes", async () => {
    polled.set(rolling(10));
    polled.fail({ kind: "failed", message: "too many requests", pauseMs: 40_000, overloaded: true });
    polled.watch();
    await quiet();
    polled.fail(undefined);
    await polled.clock.advance(3 * MINUTE);
    expect(times().slice(0, 4)).to.deep.equal([0, 40, 55, 70]);
    expect(times().slice(-2)).to.deep.equal([172, 178]);
  });
});
