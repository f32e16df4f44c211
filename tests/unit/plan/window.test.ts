import { expect } from "chai";
import { nextWindow } from "../../../provider/plan/window";

function next(begin: string, end: string, now: string): string {
  const period = nextWindow({ begin, end }, new Date(now));
  return period === undefined ? "none" : `${period.begin.toISOString()} ${period.end.toISOString()}`;
}

describe("the next maintenance window", () => {
  it("is today's while that is still to come", () => {
    const expected = "2026-11-23T22:00:00.000Z 2026-11-23T23:00:00.000Z";
    expect(next("220000+0000", "230000+0000", "2026-11-23T12:00:00Z")).to.equal(expected);
  });

  it("is the open one while Gardener may still begin in it", () => {
    const expected = "2026-11-23T22:00:00.000Z 2026-11-23T23:00:00.000Z";
    expect(next("220000+0000", "230000+0000", "2026-11-23T22:44:59Z")).to.equal(expected);
  });

  it("is tomorrow's in the last quarter of an hour, in which Gardener begins nothing", () => {
    const expected = "2026-11-24T22:00:00.000Z 2026-11-24T23:00:00.000Z";
    expect(next("220000+0000", "230000+0000", "2026-11-23T22:45:00Z")).to.equal(expected);
  });

  it("may span midnight", () => {
    const expected = "2026-11-22T23:30:00.000Z 2026-11-23T01:30:00.000Z";
    expect(next("233000+0000", "013000+0000", "2026-11-23T00:10:00Z")).to.equal(expected);
  });

  it("is read with its offset from UTC, which may lead into another day", () => {
    const expected = "2026-11-23T23:00:00.000Z 2026-11-24T00:00:00.000Z";
    expect(next("010000+0200", "020000+0200", "2026-11-23T12:00:00Z")).to.equal(expected);
    const west = "2026-11-24T02:30:00.000Z 2026-11-24T03:30:00.000Z";
    expect(next("210000-0530", "220000-0530", "2026-11-23T12:00:00Z")).to.equal(west);
  });

  it("is none where the times are no times", () => {
    expect(next("22:00", "23:00", "2026-11-23T12:00:00Z")).to.equal("none");
  });

  it("is none where one of the times is no time, or only contains one", () => {
    const now = "2026-11-23T12:00:00Z";
    for (const text of ["22:00", "at 220000+0000", "220000+0000 or so"]) {
      expect(next(text, "230000+0000", now), text).to.equal("none");
      expect(next("210000+0000", text, now), text).to.equal("none");
    }
  });

  it("is read to the second", () => {
    const expected = "2026-11-23T22:00:30.000Z 2026-11-23T23:00:15.000Z";
    expect(next("220030+0000", "230015+0000", "2026-11-23T12:00:00Z")).to.equal(expected);
  });
});
