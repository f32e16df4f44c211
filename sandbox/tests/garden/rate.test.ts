import { expect } from "chai";
import { createRateLimiter } from "../../api/rate";

describe("A rate of five a second, ten at once", () => {
  const waits = (limiter: (now: number) => number, now: number, count: number): number[] =>
    Array.from({ length: count }, () => limiter(now));

  it("lets ten through at once, and then one each 200 ms", () => {
    expect(waits(createRateLimiter({ perSecond: 5, burst: 10 }), 1_000, 12)).to.deep.equal([
      ...Array<number>(10).fill(0),
      200,
      400,
    ]);
  });

  it("lets through at once what has not been requested for a while, and ten at most", () => {
    const limiter = createRateLimiter({ perSecond: 5, burst: 10 });
    waits(limiter, 0, 10);
    expect(waits(limiter, 600, 4)).to.deep.equal([0, 0, 0, 200]);
    expect(waits(limiter, 60_000, 11)).to.deep.equal([...Array<number>(10).fill(0), 200]);
  });
});
