import { expect } from "chai";
import fc from "fast-check";
import {
  createWriteGenerations,
  type WriteGenerations,
} from "../../../../provider/garden/cleura/polling/generations";
import { specVersions } from "../../../../provider/plan";
import { isComplete } from "../../../../provider/rollout/completion";
import { aShoot } from "../../builders";
import { change, histories, operationAt, shownAt, TO, type History } from "./history";

const HOUR = 3_600_000;

describe("generations of a Shoot that has none in the API", () => {
  describe("over many histories", function () {
    this.timeout(60_000);

    const runs = { numRuns: 1_000 };
    const reads = fc.array(fc.integer({ min: 500, max: 20_000 }), { minLength: 10, maxLength: 40 });
    const skews = fc.constantFrom(0, -7 * HOUR, 5 * HOUR, 90_000);

    /** Time of the server at which the write is first reported complete. */
    function completeAt(
      history: History,
      pauses: readonly number[],
      skew: number,
      record: (own: WriteGenerations) => void,
    ): number | undefined {
      const { write } = history;
      let now = write + skew;
      const own = createWriteGenerations({ now: () => new Date(now), sleep: () => Promise.resolve() });
      record(own);
      const { uid } = change;
      const target = { kubernetesVersion: TO, workers: specVersions(aShoot()).workers };
      const last = Math.max(history.done, history.staleUntil) + 20 * 60_000;
      for (let time = write, read = 0; time < last; read += 1) {
        time += pauses[read % pauses.length] ?? 5_000;
        now = time + skew;
        if (isComplete(own.apply(shownAt(history, time)), { uid, generation: 1, target })) return time;
      }
      return undefined;
    }

    for (const [what, record] of [
      [
        "an accepted write",
        (own, history) =>
          own.record(change, shownAt(history, history.write - 400), shownAt(history, history.write)),
      ],
      [
        "a write whose answer was lost",
        (own, history) => own.recordUnconfirmed(change, shownAt(history, history.write - 400)),
      ],
    ] satisfies readonly (readonly [string, (own: WriteGenerations, history: History) => unknown])[]) {
      it(`never reports ${what} complete before an operation that contains it has succeeded, and does so in the end`, () => {
        fc.assert(
          fc.property(histories, reads, skews, (history, pauses, skew) => {
            const time = completeAt(history, pauses, skew, (own) => record(own, history));
            if (time === undefined) throw new Error("never complete");
            expect(time).to.be.at.least(history.done);
            expect(operationAt(history, time).state).to.equal("Succeeded");
          }),
          runs,
        );
      });
    }
  });
});
