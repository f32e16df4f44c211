import { expect } from "chai";
import * as fc from "fast-check";
import { quiet } from "./clock";
import { stepsTo } from "../../../provider/plan";
import { aRoute } from "../builders";
import { failure, IMAGE, MINOR, MINUTE, ONE_AT_A_TIME, operation, PATCH, targetOf, upgraded } from "./scene";
import { aPreparation, aPreparedScene, type Outcome } from "./preparation";

describe("a garden's own preparation before a minor", () => {
  it("is requested before the version is written", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await quiet();
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
    expect(scene.changes).to.have.length(1);
    await scene.begin();
    await scene.setNodes(upgraded());
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done" });
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is checked with growing pauses while it is pending, and nothing is written before it is ready", async () => {
    const garden = aPreparation("pending", "pending", "pending", "ready");
    const scene = aPreparedScene(garden);
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.join("\n")).to.contain("the garden is preparing for Kubernetes 1.34.3");
    expect(garden.calls.slice(0, 4)).to.deep.equal([
      "prepare 1.34.3",
      "check 1.34.3",
      "check 1.34.3",
      "check 1.34.3",
    ]);
    expect(scene.changes).to.have.length(1);
  });

  it("is requested once more when its check reports ready, and complete only when that is not pending", async () => {
    const garden = aPreparation("pending", "ready", "pending", "ready", "ready");
    const scene = aPreparedScene(garden);
    scene.start(MINOR);
    await scene.clock.advance(6_000);
    expect(garden.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "prepare 1.34.3"]);
    expect(scene.changes).to.deep.equal([]);
    await scene.clock.advance(MINUTE);
    expect(garden.calls.slice(3)).to.deep.equal(["check 1.34.3", "prepare 1.34.3"]);
    expect(scene.changes).to.have.length(1);
  });

  it("is awaited up to the progress deadline where check and prepare never agree", async () => {
    const garden = aPreparation(...Array<Outcome[]>(200).fill(["pending", "ready"]).flat());
    const running = aPreparedScene(garden);
    const upgrade = running.start(MINOR, { options: { progressDeadlineMs: 10 * MINUTE } });
    await running.clock.advance(11 * MINUTE);
    expect(failure(upgrade).code).to.equal("GU054");
    expect(running.changes).to.deep.equal([]);
  });

  it("is reported with the garden's sentences uncut, one a line", async () => {
    const long = `The nodes reserve more memory, ${"and more, ".repeat(80)}so that less is left for pods`;
    const sentences = [long, "Static kubeconfigs go away!", " SecretBindings are replaced. "];
    const lines = [`${long}.`, "Static kubeconfigs go away!", "SecretBindings are replaced."].map(
      (line) => `\n  ${line}`,
    );
    for (const outcome of ["ready", "notReady"] as const) {
      const garden = aPreparation();
      Object.assign(garden.preparation, { prepare: () => Promise.resolve({ outcome, details: sentences }) });
      const scene = aPreparedScene(garden);
      const running = scene.start(MINOR);
      await quiet();
      const reported = outcome === "ready" ? scene.infos.join("\n") : failure(running).message;
      expect(reported).to.contain(lines.join(""));
    }
  });

  it("leads to another read of the cluster, which it may have changed", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    const { preparation } = garden;
    const { prepare } = preparation;
    Object.assign(preparation, {
      prepare: (...args: Parameters<typeof prepare>) => {
        scene.live = { ...scene.live, lastOperation: operation("Processing", 10) };
        return prepare(...args);
      },
    });
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.succeed();
    expect(scene.changes).to.have.length(1);
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is requested for minors, unless the program sets rollout.prepare", async () => {
    for (const [target, prepare, called] of [
      [PATCH, "minor", []],
      [IMAGE, "always", []],
      [PATCH, "always", ["prepare 1.33.9"]],
      [MINOR, "never", []],
    ] as const) {
      const garden = aPreparation();
      aPreparedScene(garden).start(target, { options: { prepare } });
      await quiet();
      expect(garden.calls, prepare).to.deep.equal(called);
    }
  });

  it("ends the rollout where the cluster is not ready, with the garden's details, and is reverted", async () => {
    const garden = aPreparation("pending", "notReady");
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await scene.clock.advance(MINUTE);
    const { code, message } = failure(running);
    expect(code).to.equal("GU044");
    expect(message).to.contain("notReady it is").and.to.contain("was reverted");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "revert 1.34.3"]);
    expect(scene.changes).to.deep.equal([]);
    expect(scene.warnings.map(({ code: warned }) => warned)).to.deep.equal(["GU063"]);
  });

  it("is requested once, however often the write is retried", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    scene.answers.push(
      () => ({ kind: "busy", message: "not now" }),
      () => ({ kind: "conflict", message: "moved" }),
    );
    scene.start(MINOR);
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is requested before the write, and reverted exactly where nothing was accepted after it", async () => {
    const outcomes = fc.constantFrom<Outcome>("ready", "pending", "notReady");
    const kinds = fc.constantFrom("accepted", "busy", "conflict", "refused", "forbidden");
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcomes, { maxLength: 6 }),
        fc.array(kinds, { maxLength: 6 }),
        async (readiness, results) => {
          const garden = aPreparation(...readiness);
          const scene = aPreparedScene(garden);
          for (const kind of results) {
            if (kind === "accepted") break;
            scene.answers.push(() => ({ kind, message: "no" }));
          }
          const running = scene.start(MINOR);
          await scene.clock.advance(60 * MINUTE);
          const count = (step: string) => garden.calls.filter((call) => call.startsWith(step)).length;
          expect(count("prepare")).to.be.within(1, 1 + count("check"));
          expect(scene.accepted.length).to.be.at.most(1);
          expect(count("revert")).to.equal(scene.accepted.length === 1 ? 0 : 1);
          expect(running.error() === undefined).to.equal(scene.accepted.length === 1);
          for (const change of scene.changes)
            expect(change.kubernetesVersion === undefined ? 0 : 1).to.equal(1 - change.workers.length);
        },
      ),
    );
  }).timeout(20_000);

  it("is awaited up to the timeout of the step", async () => {
    const garden = aPreparation(...Array<Outcome>(99).fill("pending"));
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR, { options: { timeoutMs: 10 * MINUTE } });
    await scene.clock.advance(9 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(2 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
    expect(failure(running).message).to.include("for 10m (rollout.timeout)");
  });

  it("has nothing after its name in the status line where the garden gives no details", async () => {
    const garden = aPreparation();
    const prepare = () => Promise.resolve({ outcome: "pending", details: [] });
    Object.assign(garden.preparation, { prepare });
    const scene = aPreparedScene(garden);
    scene.start(MINOR);
    await scene.clock.advance(4_000);
    expect(scene.statuses.at(-1)).to.equal(
      "[1/1] web: waiting · the garden is preparing for Kubernetes 1.34.3",
    );
  });

  it("shows which of several steps it is for", async () => {
    const scene = aPreparedScene(aPreparation("pending"));
    const target = targetOf("1.35.2");
    const declared = { target, route: aRoute({ versions: ["1.34.3"] }) };
    const sequence = stepsTo(target, scene.live, declared.route, ONE_AT_A_TIME);
    scene.start(target, { declared, checked: sequence.kind === "steps" ? sequence.steps : [] });
    await scene.clock.advance(4_000);
    expect(scene.statuses).to.deep.equal([
      "[1/2] web: waiting · requesting the preparation for Kubernetes 1.34.3",
      "[1/2] web: waiting · the garden is preparing for Kubernetes 1.34.3: pending it is",
    ]);
  });

  it("shows the garden's details in the status line", async () => {
    const garden = aPreparation();
    const details = ["Webhook a.b is checked.", " quota is checked "];
    Object.assign(garden.preparation, { prepare: () => Promise.resolve({ outcome: "pending", details }) });
    const scene = aPreparedScene(garden);
    scene.start(MINOR);
    await scene.clock.advance(4_000);
    expect(scene.statuses).to.deep.equal([
      "[1/1] web: waiting · requesting the preparation for Kubernetes 1.34.3",
      "[1/1] web: waiting · the garden is preparing for Kubernetes 1.34.3: Webhook a.b is checked; quota is checked",
    ]);
  });

  it("is reported without details where the garden returns none", async () => {
    for (const outcome of ["ready", "notReady"] as const) {
      const garden = aPreparation();
      Object.assign(garden.preparation, { prepare: () => Promise.resolve({ outcome, details: [] }) });
      const scene = aPreparedScene(garden);
      const running = scene.start(MINOR);
      await quiet();
      if (outcome === "ready") expect(scene.infos).to.deep.equal([]);
      else expect(failure(running).message).to.include("Kubernetes 1.34.3. The version was not changed.");
    }
  });
});
