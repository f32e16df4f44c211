import { expect } from "chai";
import {
  createRunSummary,
  describeRun,
  type KnownShoot,
  type RunSummary,
} from "../../../provider/lifecycle/runSummary";
import { UserError } from "../../../provider/model/problem";

const shoot = (name: string, isDue = false): KnownShoot => ({ urn: `urn:${name}`, name, isDue });

describe("the summary of a run", () => {
  it("has the counts, and a line for each Shoot with a rollout", () => {
    const shoots = ["a", "b", "c", "d", "e", "f"].map((name) => shoot(name, name === "e"));
    const text = describeRun(
      shoots,
      new Map([
        ["urn:d", { kind: "held", detail: "audit" }],
        ["urn:b", { kind: "failed", detail: "quota" }],
        ["urn:c", { kind: "pending", detail: "after a" }],
        ["urn:a", { kind: "done" }],
      ]),
    );
    expect(text.split("\n")).to.deep.equal([
      "6 Shoots of this stack: 1 done, 1 pending, 1 failed, 1 held, 1 not started, 1 up to date",
      "  done: a",
      "  pending: c (after a)",
      "  failed: b (quota)",
      "  held: d (audit)",
      "  not started: e (the run ended before)",
    ]);
  });

  it("has one that waits as pending, also where the engine has not come to it", () => {
    const waiting = { ...shoot("b"), waits: "after a" };
    expect(
      describeRun([shoot("a"), waiting], new Map([["urn:a", { kind: "failed", detail: "quota" }]])),
    ).to.equal("2 Shoots of this stack: 1 pending, 1 failed\n  pending: b (after a)\n  failed: a (quota)");
  });

  it("has those that check has refused or not come to as not checked", () => {
    expect(describeRun([shoot("a"), shoot("b")], new Map([["urn:a", { kind: "done" }]]), 3)).to.equal(
      "3 Shoots of this stack: 1 done, 1 up to date, 1 not checked\n  done: a",
    );
  });

  describe("while the engine calls", () => {
    let shoots: KnownShoot[];
    let shown: string[];
    let summary: RunSummary;
    let sleeps: (() => void)[];

    beforeEach(() => {
      [shoots, shown, sleeps] = [[shoot("a"), shoot("b")], [], []];
      const clock = {
        now: () => new Date(),
        sleep: () => new Promise<void>((resolve) => void sleeps.push(resolve)),
      };
      summary = createRunSummary(
        clock,
        () => shoots,
        (text) => Promise.resolve(void shown.push(text)),
      );
    });

    const turn = () => new Promise((resolve) => setImmediate(resolve));
    async function wake(): Promise<void> {
      await turn();
      for (const resolve of sleeps.splice(0)) resolve();
      await turn();
    }
    const done = (name: string) =>
      summary.during(`urn:${name}`, () => {
        summary.record(`urn:${name}`, { kind: "done" });
        return Promise.resolve(name);
      });

    it("is shown once nothing runs and no call has come", async () => {
      const ended = done("a");
      await wake();
      expect(await ended).to.equal("a");
      expect(shown).to.deep.equal(["2 Shoots of this stack: 1 done, 1 up to date\n  done: a"]);
    });

    it("waits for the end of another that has begun meanwhile", async () => {
      const first = done("a");
      let finish = (): void => undefined;
      const second = summary.during("urn:b", () => new Promise<void>((resolve) => void (finish = resolve)));
      await wake();
      await first;
      expect(shown).to.deep.equal([]);
      summary.record("urn:b", { kind: "done" });
      finish();
      await wake();
      await second;
      expect(shown).to.have.length(1);
    });

    it("waits on for as long as calls come", async () => {
      const ended = done("a");
      await turn();
      summary.active();
      await wake();
      expect(shown).to.deep.equal([]);
      await wake();
      await ended;
      expect(shown).to.have.length(1);
    });

    it("has a failure, and passes it on", async () => {
      const failed = summary.during("urn:a", () =>
        Promise.reject(new UserError("GU053", "a: quota exceeded\nmore")),
      );
      const outcome = failed.catch((error: unknown) => error);
      await wake();
      expect(await outcome).to.be.instanceOf(UserError);
      expect(shown[0]).to.contain("1 failed").and.to.contain("failed: a (quota exceeded)");
    });

    it("tells one that was stopped by another from a failure", async () => {
      const stopped = summary.during("urn:a", () => Promise.reject(new UserError("GU055", "a: not started")));
      const outcome = stopped.catch((error: unknown) => error);
      await wake();
      await outcome;
      expect(shown[0]).to.contain("not started: a");
    });

    it("of a run that updates nothing is shown with the last Shoot that the program declares", async () => {
      summary.expect(2);
      const [first, last] = shoots.splice(0);
      shoots.push(...(first === undefined ? [] : [first]));
      await summary.unchanged("urn:a", { kind: "in progress" });
      expect(sleeps).to.deep.equal([]);
      shoots.push(...(last === undefined ? [] : [last]));
      const answered = summary.unchanged("urn:b", undefined);
      await wake();
      await answered;
      expect(shown).to.deep.equal(["2 Shoots of this stack: 1 in progress, 1 up to date\n  in progress: a"]);
    });

    it("of a run that updates nothing is not shown where the program does not know of several", async () => {
      summary.expect(1);
      await summary.unchanged("urn:a", { kind: "in progress" });
      await summary.unchanged("urn:b", undefined);
      expect([shown, sleeps]).to.deep.equal([[], []]);
    });

    it("is not shown where all are up to date", async () => {
      summary.expect(2);
      await summary.unchanged("urn:a", undefined);
      await summary.unchanged("urn:b", undefined);
      expect([shown, sleeps]).to.deep.equal([[], []]);
    });

    it("is not shown in a preview", async () => {
      await summary.unchanged("urn:a", { kind: "in progress" });
      await summary.unchanged("urn:b", undefined);
      expect([shown, sleeps]).to.deep.equal([[], []]);
    });

    it("is not shown for a single Shoot", async () => {
      shoots.pop();
      await done("a");
      expect(shown).to.deep.equal([]);
    });
  });
});
