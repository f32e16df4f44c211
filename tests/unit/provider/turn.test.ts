import { expect } from "chai";
import { laterTurn } from "../../../provider/turn";

describe("a later turn of the event loop", () => {
  for (const [title, phase] of [
    ["in which work runs for a timer", (run: () => void) => void setTimeout(run, 0)],
    ["in which work runs before timers", (run: () => void) => void setImmediate(run)],
  ] as const) {
    it(`comes after a timer that is due by the end of a turn ${title}`, async () => {
      const order: string[] = [];
      await new Promise<void>((resolve) =>
        phase(() => {
          setTimeout(() => order.push("timer"), 1);
          const began = performance.now();
          while (performance.now() - began < 3);
          void laterTurn().then(() => {
            order.push("work");
            resolve();
          });
        }),
      );
      expect(order).to.deep.equal(["timer", "work"]);
    });
  }
});
