import { expect } from "chai";
import fc from "fast-check";
import { effectiveWindow, isWithin, untilNext } from "../../maintenance/window";

const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);

describe("the sandbox's maintenance window", () => {
  it("ends a quarter of an hour before the Shoot's", () => {
    const window = effectiveWindow("220000+0000", "230000+0000");
    expect(isWithin(window, at("21:59:59"))).to.equal(false);
    expect(isWithin(window, at("22:00:00"))).to.equal(true);
    expect(isWithin(window, at("22:44:59"))).to.equal(true);
    expect(isWithin(window, at("22:45:00"))).to.equal(false);
  });

  it("minds the offset and midnight", () => {
    const window = effectiveWindow("003000+0100", "023000+0100");
    expect(isWithin(window, at("23:29:59"))).to.equal(false);
    expect(isWithin(window, at("23:30:00"))).to.equal(true);
    expect(isWithin(window, at("01:14:59"))).to.equal(true);
    expect(isWithin(window, at("01:15:00"))).to.equal(false);
  });

  it("is all day where none is said", () => {
    expect(isWithin(effectiveWindow("", ""), at("03:00:00"))).to.equal(true);
  });

  it("comes next within two days, at a moment inside it", () => {
    const moment = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    const share = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(moment, share, (now, where) => {
        const window = effectiveWindow("230000+0100", "010000+0100");
        const ms = untilNext(window, now, where);
        expect(ms)
          .to.be.greaterThan(0)
          .and.lessThan(2 * 24 * 60 * 60 * 1000);
        expect(isWithin(window, new Date(now.getTime() + ms))).to.equal(true);
      }),
    );
  });
});
