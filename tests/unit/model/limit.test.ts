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

  it("lets all that wait start at once where that is requested, and keeps to the limit once they have ended", async () => {
    const limit = createLimit(1);
    await limit.acquire();
    const waiting = [limit.acquire(), limit.acquire()];
    limit.startAll();
    await Promise.all(waiting);
    const started: string[] = [];
    const later = limit.acquire().then(() => started.push("later"));
    limit.release();
    limit.release();
    await Promise.resolve();
    expect(started).to.deep.equal([]);
    limit.release();
    await later;
    expect(started).to.deep.equal(["later"]);
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
