import { expect } from "chai";
import { createLimit } from "../../../provider/model/limit";

describe("A limit", () => {
  it("lets the rest start in the order of their calls, each as another ends", async () => {
    const limit = createLimit(2);
    const started: string[] = [];
    const waiting: number[] = [];
    const all = ["a", "b", "c", "d"].map(async (name) => {
      await limit.acquire((running) => waiting.push(running));
      started.push(name);
    });
    await Promise.all(all.slice(0, 2));
    expect(started).to.deep.equal(["a", "b"]);
    expect(waiting).to.deep.equal([2, 2]);
    limit.release();
    await all[2];
    expect(started).to.deep.equal(["a", "b", "c"]);
    limit.release();
    await all[3];
    expect(started).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("rejects all that wait where that is requested, and lets those start that come later", async () => {
    const limit = createLimit(1);
    await limit.acquire();
    const waiting = [limit.acquire(), limit.acquire()];
    limit.reject(new Error("unreachable"));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    const later = limit.acquire();
    limit.release();
    await later;
  });

  it("lets nobody wait after all have ended", async () => {
    const limit = createLimit(1);
    await limit.acquire();
    const second = limit.acquire();
    limit.release();
    await second;
    limit.release();
    let waited = false;
    await limit.acquire(() => (waited = true));
    expect(waited).to.equal(false);
  });
});
