import { expect } from "chai";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../../provider/model/duration";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a duration", () => {
  for (const [text, ms] of [
    ["45s", 45 * SECOND],
    ["30m", 30 * MINUTE],
    ["12h", 12 * HOUR],
    ["10d", 10 * DAY],
    ["2h30m", 2 * HOUR + 30 * MINUTE],
    ["1d2h3m4s", DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND],
    ["1h 30m", HOUR + 30 * MINUTE],
  ] as const) {
    it(`is read from "${text}"`, () => {
      expect(parseDuration(text)).to.equal(ms);
    });
  }

  for (const text of ["", " ", "5", "m", "soon", "-5m", "1.5h", "30m2h", "2h30", "5 minutes", "1h\n", "xd"]) {
    it(`is not read from ${JSON.stringify(text)}`, () => {
      expect(parseDuration(text)).to.equal(undefined);
    });
  }

  for (const [ms, text] of [
    [0, "0s"],
    [999, "1s"],
    [90 * SECOND, "1m30s"],
    [HOUR, "1h"],
    [DAY, "1d"],
    [7 * DAY + 5 * SECOND, "7d5s"],
  ] as const) {
    it(`of ${ms} ms is written "${text}"`, () => {
      expect(formatDuration(ms)).to.equal(text);
    });
  }

  it("is read as it was written", () => {
    fc.assert(
      fc.property(fc.nat(30 * 86_400), (seconds) => {
        expect(parseDuration(formatDuration(seconds * SECOND))).to.equal(seconds * SECOND);
      }),
    );
  });
});
