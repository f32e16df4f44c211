import { expect } from "chai";
import { createRolloutLimiter } from "../../../provider/rollout";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";

interface Task {
  readonly started: () => boolean;
  readonly lines: string[];
  readonly result: Promise<string>;
  finish(): void;
  fail(error: Error): void;
}

function start(limiter: ReturnType<typeof createRolloutLimiter>, label: string): Task {
  let begun = false;
  let finish = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const end = new Promise<string>((resolve, reject) => {
    finish = () => resolve(label);
    fail = reject;
  });
  end.catch(() => undefined);
  const lines: string[] = [];
  const result = limiter.run(
    label,
    (line) => lines.push(line),
    () => {
      begun = true;
      return end;
    },
  );
  result.catch(() => undefined);
  return { started: () => begun, lines, result, finish: () => finish(), fail: (error) => fail(error) };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the rollout limiter", () => {
  it("runs as many rollouts as the limit allows", async () => {
    const limiter = createRolloutLimiter(2);
    const tasks = ["a", "b", "c"].map((label) => start(limiter, label));
    await quiet();
    expect(tasks.map((task) => task.started())).to.deep.equal([true, true, false]);
  });

  it("shows what a queued one waits for", async () => {
    const limiter = createRolloutLimiter(5);
    const tasks = ["a", "b", "c", "d", "e", "f"].map((label) => start(limiter, label));
    await quiet();
    expect(tasks[5]?.lines).to.deep.equal([
      "waiting: 5 other rollouts are running (gardener:maxConcurrentRollouts)",
    ]);
    expect(tasks[4]?.lines).to.deep.equal([]);
  });

  it("starts the next when one has ended, in the order of the calls", async () => {
    const limiter = createRolloutLimiter(1);
    const [a, b, c] = [start(limiter, "a"), start(limiter, "b"), start(limiter, "c")];
    await quiet();
    a.finish();
    expect(await a.result).to.equal("a");
    await quiet();
    expect([b.started(), c.started()]).to.deep.equal([true, false]);
    b.finish();
    await quiet();
    expect(c.started()).to.equal(true);
  });

  it("starts none of those that are queued once one has failed, and names that one", async () => {
    const limiter = createRolloutLimiter(1);
    const [a, b, c] = [start(limiter, "a"), start(limiter, "b"), start(limiter, "c")];
    a.fail(new UserError("GU053", "a: the rollout failed"));
    for (const [label, task] of [
      ["b", b],
      ["c", c],
    ] as const) {
      const error = await failureOf(task.result);
      expect(error).to.be.instanceOf(UserError).with.property("code", "GU055");
      expect(error)
        .to.have.property("message")
        .that.includes(`${label}: not started`)
        .and.includes("rollout of a failed");
      expect(task.started()).to.equal(false);
    }
  });

  it("starts further ones until more have failed than are allowed, and names all of them then", async () => {
    const limiter = createRolloutLimiter(1, () => 1);
    const [a, b, c] = [start(limiter, "a"), start(limiter, "b"), start(limiter, "c")];
    a.fail(new UserError("GU053", "a: the rollout failed"));
    await failureOf(a.result);
    await quiet();
    expect(b.started()).to.equal(true);
    b.fail(new UserError("GU053", "b: the rollout failed"));
    await failureOf(b.result);
    expect(await failureOf(c.result))
      .to.have.property("message")
      .that.includes("the rollouts of a and b failed");
  });

  it("starts none of those that are requested later", async () => {
    const limiter = createRolloutLimiter(3);
    const a = start(limiter, "a");
    a.fail(new Error("no"));
    await failureOf(a.result);
    const b = start(limiter, "b");
    expect(await failureOf(b.result)).to.have.property("code", "GU055");
    expect(b.started()).to.equal(false);
  });

  it("rejects with the failure of the rollout itself", async () => {
    const limiter = createRolloutLimiter(1);
    const a = start(limiter, "a");
    const error = new UserError("GU054", "a: nothing has moved");
    a.fail(error);
    expect(await failureOf(a.result)).to.equal(error);
  });

  it("lets those that run already continue after a failure", async () => {
    const limiter = createRolloutLimiter(2);
    const [a, b] = [start(limiter, "a"), start(limiter, "b")];
    await quiet();
    a.fail(new Error("no"));
    await failureOf(a.result);
    b.finish();
    expect(await b.result).to.equal("b");
  });
});

describe("the rollout limiter over time", () => {
  it("runs as many as the limit allows after all before have ended", async () => {
    const limiter = createRolloutLimiter(1);
    for (const label of ["a", "b"]) {
      const task = start(limiter, label);
      task.finish();
      await task.result;
    }
    const [c, d] = [start(limiter, "c"), start(limiter, "d")];
    await quiet();
    expect([c.started(), d.started()]).to.deep.equal([true, false]);
    expect(d.lines).to.deep.equal(["waiting: 1 other rollout is running (gardener:maxConcurrentRollouts)"]);
  });
});
