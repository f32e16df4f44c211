import { expect } from "chai";
import { quiet } from "../../rollout/clock";
import { aPolledGarden, MINUTE, rolling, shootNamed, type Polled } from "./polled";

describe("the poller, as a watch", () => {
  let polled: Polled;
  beforeEach(() => (polled = aPolledGarden()));
  afterEach(() => polled.close());

  it("returns the Shoot at once", async () => {
    const watch = polled.watch();
    await quiet();
    expect(watch.events).to.deep.equal([{ kind: "seen", shoot: shootNamed("web") }]);
  });

  it("sends only an event that differs from the last one", async () => {
    const watch = polled.watch();
    await polled.clock.advance(MINUTE);
    polled.set(rolling(10));
    await polled.clock.advance(MINUTE);
    expect(watch.kinds()).to.deep.equal(["seen", "seen"]);
    expect(polled.calls.length).to.be.greaterThan(8);
  });

  it("shows a second watcher of the same Shoot what was just read", async () => {
    polled.watch();
    await polled.clock.advance(1_000);
    const second = polled.watch();
    await quiet();
    expect(second.kinds()).to.deep.equal(["seen"]);
    expect(polled.calls).to.have.length(1);
  });

  it("shows a state that another request returned, without a read of its own", async () => {
    const watch = polled.watch();
    await polled.clock.advance(10_000);
    polled.poller.update(rolling(3));
    await polled.clock.advance(5_000);
    expect(watch.events.at(-1)).to.deep.equal({ kind: "seen", shoot: rolling(3) });
    expect(polled.calls).to.have.length(1);
  });

  it("ends with its signal, and nothing is read without a watcher", async () => {
    const watch = polled.watch();
    await quiet();
    watch.stop();
    await polled.clock.advance(10 * MINUTE);
    expect(watch.ended()).to.equal(true);
    expect(polled.calls).to.have.length(1);
  });

  it("ends with an error that waiting cannot fix", async () => {
    const error = new Error("no rights");
    polled.fail(error);
    const watch = polled.watch();
    await quiet();
    expect(watch.ended()).to.equal(true);
    expect(watch.error()).to.equal(error);
  });

  describe("of a Shoot that is not found", () => {
    it("ends once the list of the project does not contain it either", async () => {
      polled.set(rolling(10));
      const watch = polled.watch();
      await quiet();
      polled.remove("web");
      await polled.clock.advance(8_000);
      expect(watch.kinds()).to.deep.equal(["seen"]);
      await polled.clock.advance(5_000);
      expect(watch.kinds()).to.deep.equal(["seen", "gone"]);
      expect(watch.ended()).to.equal(true);
      expect(polled.calls.map(({ kind }) => kind)).to.deep.equal(["one", "one", "list"]);
    });

    it("continues if the list contains it", async () => {
      polled.set(rolling(10));
      const watch = polled.watch();
      await quiet();
      polled.remove("web");
      await polled.clock.advance(8_000);
      polled.set(rolling(10));
      await polled.clock.advance(MINUTE);
      expect(watch.kinds()).to.deep.equal(["seen"]);
    });
  });

  describe("while reads fail", () => {
    it("reports the interruption once, and the Shoot again afterwards although it has not changed", async () => {
      const watch = polled.watch();
      await quiet();
      polled.fail({ kind: "failed", message: "the connection is down" });
      await polled.clock.advance(2 * MINUTE);
      expect(watch.events.slice(1)).to.deep.equal([
        { kind: "interrupted", message: "the connection is down" },
      ]);
      polled.fail(undefined);
      await polled.clock.advance(30_000);
      expect(watch.kinds()).to.deep.equal(["seen", "interrupted", "seen"]);
    });
  });
});
