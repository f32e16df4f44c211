/** Rollouts that share a limiter: how many at once, and what a failure of one means for the others. */
import { expect } from "chai";
import fc from "fast-check";
import { createRolloutLimiter, type RolloutLimiter } from "../../../provider/rollout";
import type { Target } from "../../../provider/model/plan";
import { aCondition } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aScene,
  HOLD,
  MINOR,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  patched,
  type Running,
  type Scene,
} from "./scene";

interface Queued {
  readonly running: () => Running | undefined;
  readonly error: () => unknown;
}

/** As the lifecycle does it. */
function enter(limiter: RolloutLimiter, label: string, scene: Scene, target: Target, wait = true): Queued {
  let running: Running | undefined;
  let error: unknown;
  const ended = limiter.run(
    label,
    () => undefined,
    async (turn) => {
      running = scene.start(target, {
        label,
        options: { wait },
        assertMayWrite: async () => turn.assertMayWrite(),
      });
      const outcome = await running.ended;
      if (outcome.kind === "written") turn.keepUntil(outcome.completed);
    },
  );
  ended.catch((reason: unknown) => (error = reason));
  return { running: () => running, error: () => error };
}

async function complete(scene: Scene): Promise<void> {
  await scene.begin();
  await scene.setNodes(patched());
  await scene.succeed();
}

async function fail(scene: Scene): Promise<void> {
  await scene.begin({
    lastOperation: operation("Failed", 30),
    lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
  });
}

describe("a rollout that is not awaited", () => {
  it("returns as soon as it is written", async () => {
    const scene = aScene();
    const running = scene.start(PATCH, { options: { wait: false } });
    await quiet();
    expect(running.outcome()).to.have.property("kind", "written");
    expect(running.outcome()?.shoot.generation).to.equal(6);
  });

  it("counts until it is complete, and leaves nothing running then", async () => {
    const limiter = createRolloutLimiter(1);
    const [first, second] = [aScene(), aScene()];
    enter(limiter, "first", first, PATCH, false);
    const waiting = enter(limiter, "second", second, PATCH, false);
    await quiet();
    expect(first.accepted).to.have.length(1);
    await first.begin();
    expect(waiting.running()).to.equal(undefined);
    await complete(first);
    expect(second.accepted).to.have.length(1);
    expect([first.watchers(), first.clock.sleepers()]).to.deep.equal([0, 0]);
    expect(first.infos).to.deep.equal([]);
  });

  it("stops those that follow where it fails, and reports that as a warning", async () => {
    const limiter = createRolloutLimiter(1);
    const [first, second] = [aScene(), aScene()];
    enter(limiter, "first", first, PATCH, false);
    const waiting = enter(limiter, "second", second, PATCH, false);
    await quiet();
    await fail(first);
    expect(waiting.error()).to.have.property("code", "GU055");
    expect(second.changes).to.deep.equal([]);
    expect(first.warnings.map(({ code }) => code)).to.include("GU053");
  });

  it("stops those that follow where its write is refused", async () => {
    const limiter = createRolloutLimiter(1);
    const [first, second] = [aScene(), aScene()];
    first.answers.push(() => ({ kind: "refused", message: "no" }));
    enter(limiter, "first", first, PATCH, false);
    const waiting = enter(limiter, "second", second, PATCH, false);
    await quiet();
    await quiet();
    expect(waiting.error()).to.have.property("code", "GU055");
    expect(second.changes).to.deep.equal([]);
  });

  it("is no longer watched once the run is aborted", async () => {
    const stop = new AbortController();
    const scene = aScene();
    scene.start(PATCH, { options: { wait: false }, signal: stop.signal });
    await quiet();
    stop.abort();
    await quiet();
    expect([scene.watchers(), scene.clock.sleepers(), scene.warnings.length]).to.deep.equal([0, 0, 0]);
  });
});

describe("a rollout that has been started and has not written", () => {
  it("writes nothing once another one has failed", async () => {
    const limiter = createRolloutLimiter(5);
    const sick = aScene(aCluster({ conditions: [aCondition({ status: "Progressing" })] }));
    const bad = aScene();
    bad.answers.push(() => ({ kind: "refused", message: "no" }));
    const waiting = enter(limiter, "sick", sick, MINOR);
    await quiet();
    enter(limiter, "bad", bad, PATCH);
    await quiet();
    await sick.move({ conditions: [aCondition()] });
    expect(waiting.error()).to.have.property("code", "GU055");
    expect(sick.changes).to.deep.equal([]);
  });

  it("leaves no rejection unhandled, which would end the process, where it still waits when another one fails", async () => {
    const unhandled: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => unhandled.push(reason));
    try {
      const limiter = createRolloutLimiter(5);
      const sick = aScene(aCluster({ conditions: [aCondition({ status: "Progressing" })] }));
      const prepares = aScene(aCluster(), {
        capabilities: ONE_AT_A_TIME,
        preparation: {
          prepare: () => Promise.resolve({ outcome: "pending", details: [] }),
          check: () => Promise.resolve({ outcome: "pending", details: [] }),
          revert: () => Promise.resolve({ outcome: "ready", details: [] }),
        },
      });
      const bad = aScene();
      bad.answers.push(() => ({ kind: "refused", message: "no" }));
      enter(limiter, "sick", sick, MINOR);
      const preparing = enter(limiter, "prepares", prepares, MINOR);
      await quiet();
      enter(limiter, "bad", bad, PATCH);
      await quiet();
      await sick.move({ conditions: [aCondition({ status: "Unknown" })] });
      await prepares.clock.advance(6_000);
      expect(preparing.error()).to.have.property("code", "GU055");
      expect([sick.changes, prepares.changes]).to.deep.equal([[], []]);
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.removeAllListeners("unhandledRejection");
      listeners.forEach((listener) => process.on("unhandledRejection", listener));
    }
  });

  it("continues where another one is skipped because of its hold annotation", async () => {
    const limiter = createRolloutLimiter(1);
    const [held, fine] = [aScene(aCluster({ annotations: { [HOLD]: "until Friday" } })), aScene()];
    enter(limiter, "held", held, PATCH);
    enter(limiter, "fine", fine, PATCH);
    await quiet();
    await quiet();
    expect([held.changes.length, fine.accepted.length]).to.deep.equal([0, 1]);
  });
});

describe("whatever the outcomes of many rollouts", () => {
  it("no more are written and incomplete than the limit allows, and none is written after a failure", async () => {
    const aFate = fc.record({
      wait: fc.boolean(),
      end: fc.constantFrom("complete", "complete", "complete", "fail", "refuse", "hold"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(aFate, { maxLength: 8 }),
        async (limit, fates) => {
          const limiter = createRolloutLimiter(limit);
          const shoots = fates.map((fate) => {
            const annotations: Record<string, string> = fate.end === "hold" ? { [HOLD]: "" } : {};
            const scene = aScene(aCluster({ annotations }));
            if (fate.end === "refuse") scene.answers.push(() => ({ kind: "refused", message: "no" }));
            return { ...fate, scene, ended: false };
          });
          shoots.forEach(({ scene, wait }, index) => enter(limiter, `shoot-${index}`, scene, PATCH, wait));
          let failed = false;
          for (let round = 0; round <= shoots.length; round += 1) {
            for (let turn = 0; turn < 2 * shoots.length; turn += 1) await quiet();
            failed ||= shoots.some(({ scene, end }) => end === "refuse" && scene.changes.length > 0);
            const rolling = shoots.filter(({ scene, ended }) => scene.accepted.length > 0 && !ended);
            expect(rolling.length).to.be.at.most(limit);
            const [next] = rolling;
            if (next === undefined) break;
            const before = shoots.map(({ scene }) => scene.changes.length);
            next.ended = true;
            await (next.end === "fail" ? fail(next.scene) : complete(next.scene));
            failed ||= next.end === "fail";
            for (let turn = 0; turn < 2 * shoots.length; turn += 1) await quiet();
            if (failed) expect(shoots.map(({ scene }) => scene.changes.length)).to.deep.equal(before);
          }
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(20_000);
});
