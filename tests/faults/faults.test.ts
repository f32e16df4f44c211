import { expect } from "chai";
import { describe as describeDisturbance } from "./faults";
import { explain, type Report } from "./run";
import { scheduleOf } from "./schedule";
import { runSeeds, seedsFrom } from "./seeds";

/** The first of those that `npm run test:faults` runs. */
const SEEDS = seedsFrom(1, 50);

describe("whatever goes wrong between provider and garden, every invariant holds", () => {
  const reports = new Map<number, Report>();

  before(async function () {
    this.timeout(600_000);
    await runSeeds(SEEDS, (report) => reports.set(report.schedule.seed, report));
  });

  for (const seed of SEEDS) {
    const { garden, disturbances } = scheduleOf(seed);
    it(`with seed ${seed} on ${garden}: ${disturbances.map(describeDisturbance).join("; ")}`, () => {
      const report = reports.get(seed);
      expect(report, "it has ended").not.to.equal(undefined);
      if (report !== undefined) expect(report.violations, explain(report)).to.deep.equal([]);
    });
  }
});
