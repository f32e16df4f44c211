import { expect } from "chai";
import { allowedFailures } from "../../../provider/lifecycle";

describe("gardener:maxFailedRollouts", () => {
  for (const [set, rollouts, allowed] of [
    [undefined, 10, 0],
    ["0", 10, 0],
    ["2", 10, 2],
    ["10%", 10, 1],
    ["10%", 9, 0],
    ["25%", 39, 9],
    ["100%", 3, 3],
  ] as const) {
    it(`${set ?? "not set"} allows ${allowed} of ${rollouts} to fail`, () => {
      expect(allowedFailures(() => set, rollouts)).to.equal(allowed);
    });
  }

  for (const set of ["many", "-1", "1.5", "101%", "%", ""]) {
    it(`refuses ${JSON.stringify(set)}`, () => {
      expect(() => allowedFailures(() => set, 1)).to.throw(
        `expected a whole number, or a percentage such as "10%", found ${JSON.stringify(set)}`,
      );
    });
  }
});
