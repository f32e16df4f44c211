import { expect } from "chai";
import type { ShootEvent, WriteResult } from "../../../provider/garden/garden";
import type { UpgradeReadiness } from "../../../provider/model/readiness";
import { check, create, update } from "../../../provider/lifecycle";
import type { Change } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import type { LastOperation } from "../../../provider/model/shoot";
import { createRolloutLimiter } from "../../../provider/rollout";
import type { RolloutLimiter } from "../../../provider/rollout/limiter";
import { aLastOperation, NOW } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";
import { quiet } from "../rollout/clock";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const WAITING = "waiting: 1 other rollout is running (gardener:maxConcurrentRollouts)";

/** Its Shoot is being reconciled after a write until the test ends the operation. */
class ReconcilingGarden extends FakeGarden {
  end: (operation: LastOperation) => void = () => undefined;
  readonly #ended = new Promise<LastOperation>((resolve) => (this.end = resolve));

  override async apply(change: Change): Promise<WriteResult> {
    const result = await super.apply(change);
    if (result.kind !== "accepted") return result;
    this.shoot = { ...result.shoot, lastOperation: aLastOperation({ state: "Processing", progress: 10 }) };
    return { ...result, shoot: this.shoot };
  }

  override async *watchShoot(): AsyncIterable<ShootEvent> {
    const shoot = await this.getShoot();
    yield { kind: "seen", shoot };
    yield { kind: "seen", shoot: { ...shoot, lastOperation: await this.#ended } };
  }
}

describe("a rollout and the limit of concurrent rollouts", () => {
  const request = (more: object) => ({
    declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.34" }, ...more },
    run: { reportTo: urn, preview: false },
  });

  /** Updates the adopted Shoot in a new process with this context. */
  async function updateIn(context: FakeContext, garden: FakeGarden, more: object = {}) {
    const { inputs } = await check(aContext(garden), {}, request(more));
    const { outs } = await create(aContext(garden), inputs);
    const checked = await check(context, inputs, request(more));
    return update(context, outs, checked.inputs);
  }

  /** Runs another rollout; its result, and what it shows while it waits. */
  function runAnother(limiter: RolloutLimiter) {
    const lines: string[] = [];
    const result = limiter.run(
      "other",
      (line) => lines.push(line),
      () => Promise.resolve("started"),
    );
    return { lines, result };
  }

  const finished = aLastOperation({ lastUpdateTime: new Date(NOW.getTime() + 60_000) });

  it("counts until Gardener has completed it, though the program does not await it", async () => {
    const garden = new ReconcilingGarden();
    const context = { ...aContext(garden), rolloutLimiter: createRolloutLimiter(1) };
    const { outs } = await updateIn(context, garden, { rollout: { wait: false } });
    expect(outs.state).to.equal("inProgress");
    await quiet();
    const other = runAnother(context.rolloutLimiter);
    expect(other.lines).to.deep.equal([WAITING]);
    garden.end(finished);
    expect(await other.result).to.equal("started");
  });

  it("lets no other one start after it has failed, though the program does not await it", async () => {
    const garden = new ReconcilingGarden();
    const context = { ...aContext(garden), rolloutLimiter: createRolloutLimiter(1) };
    await updateIn(context, garden, { rollout: { wait: false } });
    const other = runAnother(context.rolloutLimiter);
    garden.end({ ...finished, state: "Failed" });
    expect(await other.result.catch((thrown: unknown) => thrown)).to.include({ code: "GU055" });
  });

  it("does not count any more once an awaited one is complete", async () => {
    const garden = new FakeGarden();
    const context = { ...aContext(garden), rolloutLimiter: createRolloutLimiter(1) };
    await updateIn(context, garden);
    const other = runAnother(context.rolloutLimiter);
    expect(other.lines).to.deep.equal([]);
    expect(await other.result).to.equal("started");
  });

  it("shows in the component's row that it waits for another one", async () => {
    const garden = new FakeGarden();
    const limiter = createRolloutLimiter(1);
    let endOther: () => void = () => undefined;
    const other = limiter.run(
      "other",
      () => undefined,
      () => new Promise<void>((resolve) => (endOther = resolve)),
    );
    const recorded = aContext(garden);
    let updated: Promise<unknown> | undefined;
    const shown = new Promise<unknown>((resolve) => {
      const status = (row: string, message: string) => {
        recorded.log.status(row, message);
        resolve({ urn: row, message });
      };
      const context = { ...recorded, rolloutLimiter: limiter, log: { ...recorded.log, status } };
      updated = updateIn(context, garden);
    });
    expect(await shown).to.deep.equal({ urn, message: WAITING });
    expect(garden.writes).to.deep.equal([]);
    endOther();
    await other;
    await updated;
    expect(garden.writes).to.have.length(1);
  });

  it("writes nothing where another one has failed since it was started", async () => {
    const garden = new FakeGarden();
    const limiter = createRolloutLimiter(2);
    let failOther: (error: Error) => void = () => undefined;
    const other = limiter.run(
      "other",
      () => undefined,
      () => new Promise<void>((_resolve, reject) => (failOther = reject)),
    );
    const rolloutLimiter: RolloutLimiter = {
      run: (label, status, task) =>
        limiter.run(label, status, async (turn) => {
          failOther(new Error("the other one failed"));
          await other.catch(() => undefined);
          return task(turn);
        }),
    };
    const context = { ...aContext(garden), rolloutLimiter };
    const error = await updateIn(context, garden).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU055" });
    expect(garden.writes).to.deep.equal([]);
  });
});

describe("a rollout whose engine ends before an unused preparation is reverted", () => {
  const request = {
    declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.34" } },
    run: { reportTo: urn, preview: false },
  };

  /** The update with a garden that prepares and then refuses the write. */
  async function refusedUpdate({ engineEnds }: { readonly engineEnds: boolean }) {
    const garden = new FakeGarden();
    const calls: string[] = [];
    const call = (name: string) => (): Promise<UpgradeReadiness> => {
      calls.push(name);
      return Promise.resolve({ outcome: "ready", details: [] });
    };
    garden.preparation = { check: call("check"), prepare: call("prepare"), revert: call("revert") };
    let ended = false;
    garden.apply = () => {
      ended = engineEnds;
      return Promise.resolve({ kind: "refused", message: "quota exceeded" });
    };
    const engine = {
      ended: new AbortController().signal,
      assertRunning: () =>
        ended ? Promise.reject(new UserError("GU058", "The Pulumi engine has ended.")) : Promise.resolve(),
    };
    const { inputs } = await check(aContext(garden), {}, request);
    const { outs } = await create(aContext(garden), inputs);
    const context = { ...aContext(garden), engine };
    const checked = await check(context, inputs, request);
    const error = await update(context, outs, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU050" });
    return calls;
  }

  it("changes the cluster no more", async () => {
    expect(await refusedUpdate({ engineEnds: true })).to.deep.equal(["prepare"]);
  });

  it("reverts it while the engine is running", async () => {
    expect(await refusedUpdate({ engineEnds: false })).to.deep.equal(["prepare", "revert"]);
  });
});
