import { expect } from "chai";
import { describeProblem } from "../../../provider/model/problem";
import { kubernetes, parsed, problems, shoot } from "./parsed";

const startOf = (rollout: object) => parsed({ shoot, kubernetes, rollout }).rollout.start;
const problemsOf = (rollout: object) => problems({ shoot, kubernetes, rollout }).map(describeProblem);

describe("rollout of a program, when it may be started", () => {
  it("has no conditions where none is declared", () => {
    for (const rollout of [
      {},
      { when: "now" },
      { skipHibernated: false },
      { after: null, soak: null, notBefore: null },
    ]) {
      expect(startOf(rollout)).to.equal(undefined);
    }
  });

  it("has the completions of others, the empty ones as not complete", () => {
    expect(startOf({ after: ["2026-12-01T22:10:00.000Z", ""], soak: "1d" })).to.deep.equal({
      after: [{ completedAt: new Date("2026-12-01T22:10:00Z") }, {}],
      soakMs: 86_400_000,
      when: "now",
      skipHibernated: false,
    });
  });

  it("has a moment with its offset from UTC", () => {
    expect(startOf({ notBefore: "2026-12-05T22:00:00+01:00" })).to.deep.include({
      notBefore: new Date("2026-12-05T21:00:00Z"),
    });
  });

  for (const text of [
    "2026-12-05",
    "2026-12-05T22:00:00",
    "2026-02-30T22:00:00Z",
    "2026-12-05T25:00:00Z",
    "tomorrow",
  ]) {
    it(`refuses ${text} as a moment`, () => {
      expect(problemsOf({ notBefore: text })).to.deep.equal([
        `[GU028] rollout.notBefore: "${text}" is not a moment with an offset from UTC; write one such as "2026-12-05T22:00:00+01:00" ("web")`,
      ]);
    });
  }

  for (const [rollout, message] of [
    [{ soak: "24h" }, "[GU021] rollout.soak: give rollout.after as well"],
    [
      { after: "canary" },
      "[GU021] rollout.after: expected a list of outputs completedAt, such as [canary.completedAt]",
    ],
    [{ after: ["canary"] }, "[GU021] rollout.after[0]: expected a list of outputs completedAt"],
    [
      { after: [""], soak: "5s" },
      '[GU025] rollout.soak: "5s" is out of range; it must lie between 1m and 90d',
    ],
    [{ after: [""], soak: 24 }, "[GU025] rollout.soak: 24 has no unit"],
    [{ when: "night" }, '[GU021] rollout.when: expected "now" or "maintenanceWindow", found "night"'],
    [{ notBefore: 5 }, "[GU021] rollout.notBefore: expected a text, found 5"],
    [{ skipHibernated: "yes" }, "[GU021] rollout.skipHibernated: expected true or false"],
  ] as const) {
    it(`refuses ${JSON.stringify(rollout)}`, () => {
      expect(problemsOf(rollout).join("\n")).to.contain(message);
    });
  }
});
