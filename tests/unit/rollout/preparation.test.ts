import { expect } from "chai";
import * as fc from "fast-check";
import type { UpgradePreparation, UpgradeReadiness } from "../../../provider/garden/garden";
import { UserError } from "../../../provider/model/problem";
import { splitForGarden, pending } from "../../../provider/plan";
import { aPool } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aNode,
  aScene,
  failure,
  HOLD,
  IMAGE,
  MINOR,
  MINUTE,
  ONE_AT_A_TIME,
  operation,
  PATCH,
  upgraded,
  targetOf,
  type Scene,
} from "./scene";

type Outcome = UpgradeReadiness["outcome"];

interface FakePreparation {
  readonly preparation: UpgradePreparation;
  /** `prepare 1.34.3`, in order. */
  readonly calls: string[];
  /** Of the next calls; after these: ready. */
  readonly answers: (Outcome | Error)[];
}

function aPreparation(...answers: (Outcome | Error)[]): FakePreparation {
  const calls: string[] = [];
  const call = (step: string) => (_ref: unknown, version: string) => {
    calls.push(`${step} ${version}`);
    const answer = step === "revert" ? "ready" : (answers.shift() ?? "ready");
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ outcome: answer, details: [`${answer} it is`] });
  };
  return {
    calls,
    answers,
    preparation: { check: call("check"), prepare: call("prepare"), revert: call("revert") },
  };
}

function aPreparedScene(garden: FakePreparation, ...shoot: Parameters<typeof aCluster>): Scene {
  return aScene(aCluster(...shoot), { capabilities: ONE_AT_A_TIME, preparation: garden.preparation });
}

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

  it("is reverted where the garden then refuses the version", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).code).to.equal("GU050");
    expect(failure(running).message).to.contain("was reverted");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
  });

  it("is reverted where the Shoot is held, or where it takes too long before the write", async () => {
    const held = aPreparation("pending");
    const scene = aPreparedScene(held);
    const second = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, annotations: { [HOLD]: "now" } };
    await scene.clock.advance(MINUTE);
    expect(second.outcome()).to.include({ kind: "held" });
    expect(held.calls.at(-1)).to.equal("revert 1.34.3");
    expect(scene.warnings.map(({ code }) => code)).to.deep.equal(["GU063", "GU045"]);

    const slow = aPreparation(...Array<Outcome>(99).fill("pending"));
    const third = aPreparedScene(slow);
    const running = third.start(MINOR, { options: { progressDeadlineMs: 10 * MINUTE } });
    await third.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
    expect(slow.calls.at(-1)).to.equal("revert 1.34.3");
  });

  it("is not reverted where the rollout is aborted: another run that prepares as well may have begun", async () => {
    const garden = aPreparation("pending");
    const stop = new AbortController();
    const running = aPreparedScene(garden).start(MINOR, { signal: stop.signal });
    await quiet();
    stop.abort();
    await quiet();
    expect(failure(running).code).to.equal("GU058");
    expect(failure(running).message).to.contain("was not reverted");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  for (const [version, how] of [
    ["1.34.3", "has written the same version"],
    ["1.34.5", "has written another version"],
  ] as const) {
    it(`is not reverted where somebody else ${how} meanwhile`, async () => {
      const garden = aPreparation("pending", "notReady");
      const scene = aPreparedScene(garden);
      const running = scene.start(MINOR);
      await quiet();
      scene.live = { ...scene.live, kubernetesVersion: version, resourceVersion: "200", generation: 6 };
      await scene.clock.advance(MINUTE);
      expect(failure(running).message).to.contain("was not reverted").and.to.contain(version);
      expect(garden.calls).not.to.include("revert 1.34.3");
      expect(scene.changes).to.deep.equal([]);
    });
  }

  it("is not reverted where somebody else has written the version and their rollout then fails", async () => {
    const garden = aPreparation("pending", "ready");
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, kubernetesVersion: "1.34.3", resourceVersion: "200", generation: 6 };
    await scene.clock.advance(MINUTE);
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).code).to.equal("GU053");
    expect(garden.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted where the Shoot can no longer be read", async () => {
    const garden = aPreparation("notReady");
    const scene = aPreparedScene(garden);
    scene.onRead(() =>
      scene.onRead(() => {
        throw new UserError("GU005", "cannot be reached");
      }),
    );
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.contain("was not reverted");
    expect(garden.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted where the cluster is another one by now", async () => {
    const garden = aPreparation("pending");
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, uid: "uid-2" };
    await scene.clock.advance(MINUTE);
    expect(failure(running).code).to.equal("GU052");
    expect(garden.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted once the version is accepted, whatever the outcome of the rollout", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await quiet();
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).code).to.equal("GU053");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
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

  it("may have begun where the connection failed, and is reverted then, but not where it was refused", async () => {
    const broken = aPreparation(new UserError("GU005", "cannot be reached", { writeOutcome: "unknown" }));
    aPreparedScene(broken).start(MINOR);
    await quiet();
    expect(broken.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
    const refused = aPreparation(new UserError("GU008", "no right"));
    aPreparedScene(refused).start(MINOR);
    await quiet();
    expect(refused.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is not reverted where it is unknown whether the version was accepted, and that is reported", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    scene.answers.push(() => {
      throw new UserError("GU005", "The line was cut.", { writeOutcome: "unknown" });
    });
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.contain("The line was cut.").and.to.contain("was not reverted");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is not taken for used when another step is accepted", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    const both = targetOf("1.34.3", "1877.3.0");
    scene.live = {
      ...scene.live,
      workers: [aPool({ machineImage: { name: "gardenlinux", version: "1877.3.0" } })],
    };
    const checked = splitForGarden(pending(both, aCluster()), ONE_AT_A_TIME);
    scene.answers.push(() => {
      // Somebody takes the image back between our two attempts.
      scene.live = { ...scene.live, workers: [aPool()] };
      return { kind: "conflict", message: "moved" };
    });
    const running = scene.start(both, { checked });
    await scene.clock.advance(5_000);
    expect(scene.accepted.map(({ workers }) => workers.length)).to.deep.equal([1]);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    await scene.begin();
    await scene.setNodes(["m1", "m2", "m3"].map((name) => aNode(name, { osImage: "Garden Linux 1877.3" })));
    await scene.succeed();
    expect(failure(running).code).to.equal("GU050");
    expect(garden.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
  });

  it("is reported with how to revert it manually where reverting fails", async () => {
    const garden = aPreparation();
    Object.assign(garden.preparation, {
      revert: () => Promise.reject(new UserError("GU005", "cannot be reached")),
    });
    const scene = aPreparedScene(garden);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message)
      .to.contain("could not be reverted: cannot be reached.")
      .and.to.contain("Revert preparations");
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
});

describe("a garden's own preparation", () => {
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

  it("is reported where the garden does not revert it", async () => {
    const garden = aPreparation();
    Object.assign(garden.preparation, {
      revert: () => Promise.resolve({ outcome: "notReady", details: ["Another change is in progress."] }),
    });
    const scene = aPreparedScene(garden);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.include(
      "The garden's preparation for Kubernetes 1.34.3 could not be reverted: Another change is in progress. " +
        "Use `Revert preparations` in the control panel.",
    );
  });

  it("is not reported once the version is accepted", async () => {
    const garden = aPreparation();
    const scene = aPreparedScene(garden);
    const running = scene.start(MINOR);
    await quiet();
    await scene.begin({ lastOperation: operation("Failed", 30) });
    expect(failure(running).message).not.to.include("preparation");
    expect(scene.warnings).to.deep.equal([]);
  });

  for (const [what, change] of [
    ["is being deleted", (scene: Scene) => (scene.live = { ...scene.live, deletionTimestamp: new Date() })],
    [
      "no longer exists",
      (scene: Scene) =>
        scene.onRead(() => {
          throw new UserError("GU010", "no such Shoot");
        }),
    ],
  ] as const) {
    it(`is neither reverted nor reported where the Shoot ${what}`, async () => {
      const garden = aPreparation("pending", "notReady");
      const scene = aPreparedScene(garden);
      const running = scene.start(MINOR);
      await quiet();
      change(scene);
      await scene.clock.advance(MINUTE);
      expect(failure(running).message).not.to.include("reverted");
      expect(garden.calls).not.to.include("revert 1.34.3");
      expect(scene.warnings).to.deep.equal([]);
    });
  }

  it("is reverted where the write fails without effect, and kept where a bug leaves that open", async () => {
    for (const [error, reverted] of [
      [new UserError("GU007", "The garden refuses the credentials."), true],
      [new TypeError("a bug"), false],
    ] as const) {
      const garden = aPreparation();
      const scene = aPreparedScene(garden);
      scene.answers.push(() => {
        throw error;
      });
      scene.start(MINOR);
      await quiet();
      expect(garden.calls.includes("revert 1.34.3")).to.equal(reverted);
    }
  });
});
