import { expect } from "chai";
import { describeKill, killAt, killOnce, POINTS } from "./kills";

/** `npm run test:kills` runs all of them. */
const KILLS = Math.min(Number(process.env["KILLS"] ?? "5"), POINTS);

describe("a rollout that is killed, on the real engine, is finished by the next `up`", function () {
  this.timeout(180_000);

  for (let index = 0; index < KILLS; index += 1) {
    const kill = killAt(index);
    it(`after ${describeKill(kill)}`, async function () {
      const { fired, violations } = await killOnce(kill);
      expect(violations).to.deep.equal([]);
      // Whatever the speed of this machine, the run was over before.
      if (!fired) this.skip();
    });
  }
});
