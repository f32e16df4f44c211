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
  want,
  type Scene,
} from "./scene";

type Outcome = UpgradeReadiness["outcome"];

interface Gate {
  readonly preparation: UpgradePreparation;
  /** `prepare 1.34.3`, in order. */
  readonly calls: string[];
  /** Of the next calls; after these: ready. */
  readonly answers: (Outcome | Error)[];
}

function aGate(...answers: (Outcome | Error)[]): Gate {
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

function aGuarded(gate: Gate, ...shoot: Parameters<typeof aCluster>): Scene {
  return aScene(aCluster(...shoot), { capabilities: ONE_AT_A_TIME, preparation: gate.preparation });
}

describe("a garden's own preparation before a minor", () => {
  it("is requested before the version is written", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await quiet();
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
    expect(scene.changes).to.have.length(1);
    await scene.begin();
    await scene.setNodes(upgraded());
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done" });
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is checked with growing pauses while it is pending, and nothing is written before it is ready", async () => {
    const gate = aGate("pending", "pending", "pending", "ready");
    const scene = aGuarded(gate);
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.join("\n")).to.contain("the garden is preparing for Kubernetes 1.34.3");
    expect(gate.calls.slice(0, 4)).to.deep.equal([
      "prepare 1.34.3",
      "check 1.34.3",
      "check 1.34.3",
      "check 1.34.3",
    ]);
    expect(scene.changes).to.have.length(1);
  });

  it("is requested once more when its check reports ready, and complete only when that is not pending", async () => {
    const gate = aGate("pending", "ready", "pending", "ready", "ready");
    const scene = aGuarded(gate);
    scene.start(MINOR);
    await scene.clock.advance(6_000);
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "prepare 1.34.3"]);
    expect(scene.changes).to.deep.equal([]);
    await scene.clock.advance(MINUTE);
    expect(gate.calls.slice(3)).to.deep.equal(["check 1.34.3", "prepare 1.34.3"]);
    expect(scene.changes).to.have.length(1);
  });

  it("is awaited up to the progress deadline where check and prepare never agree", async () => {
    const gate = aGate(...Array<Outcome[]>(200).fill(["pending", "ready"]).flat());
    const running = aGuarded(gate);
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
      const gate = aGate();
      Object.assign(gate.preparation, { prepare: () => Promise.resolve({ outcome, details: sentences }) });
      const scene = aGuarded(gate);
      const running = scene.start(MINOR);
      await quiet();
      const told = outcome === "ready" ? scene.infos.join("\n") : failure(running).message;
      expect(told).to.contain(lines.join(""));
    }
  });

  it("leads to another read of the cluster, which it may have changed", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    const { preparation } = gate;
    const { prepare } = preparation;
    Object.assign(preparation, {
      prepare: (...asked: Parameters<typeof prepare>) => {
        scene.live = { ...scene.live, lastOperation: operation("Processing", 10) };
        return prepare(...asked);
      },
    });
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.succeed();
    expect(scene.changes).to.have.length(1);
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is requested for minors, unless the program sets rollout.prepare", async () => {
    for (const [target, prepare, called] of [
      [PATCH, "minor", []],
      [IMAGE, "always", []],
      [PATCH, "always", ["prepare 1.33.9"]],
      [MINOR, "never", []],
    ] as const) {
      const gate = aGate();
      aGuarded(gate).start(target, { options: { prepare } });
      await quiet();
      expect(gate.calls, prepare).to.deep.equal(called);
    }
  });

  it("ends the rollout where the cluster is not ready, with the garden's details, and is reverted", async () => {
    const gate = aGate("pending", "notReady");
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await scene.clock.advance(MINUTE);
    const { code, message } = failure(running);
    expect(code).to.equal("GU044");
    expect(message).to.contain("notReady it is").and.to.contain("was reverted");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "revert 1.34.3"]);
    expect(scene.changes).to.deep.equal([]);
    expect(scene.warnings.map(({ code: warned }) => warned)).to.deep.equal(["GU063"]);
  });

  it("is reverted where the garden then refuses the version", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).code).to.equal("GU050");
    expect(failure(running).message).to.contain("was reverted");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
  });

  it("is reverted where the Shoot is held, or where it takes too long before the write", async () => {
    const held = aGate("pending");
    const scene = aGuarded(held);
    const second = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, annotations: { [HOLD]: "now" } };
    await scene.clock.advance(MINUTE);
    expect(second.outcome()).to.include({ kind: "held" });
    expect(held.calls.at(-1)).to.equal("revert 1.34.3");
    expect(scene.warnings.map(({ code }) => code)).to.deep.equal(["GU063", "GU045"]);

    const slow = aGate(...Array<Outcome>(99).fill("pending"));
    const third = aGuarded(slow);
    const running = third.start(MINOR, { options: { progressDeadlineMs: 10 * MINUTE } });
    await third.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
    expect(slow.calls.at(-1)).to.equal("revert 1.34.3");
  });

  it("is not reverted where the rollout is aborted: another run that prepares as well may have begun", async () => {
    const gate = aGate("pending");
    const stop = new AbortController();
    const running = aGuarded(gate).start(MINOR, { signal: stop.signal });
    await quiet();
    stop.abort();
    await quiet();
    expect(failure(running).code).to.equal("GU058");
    expect(failure(running).message).to.contain("was not reverted");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  for (const [version, how] of [
    ["1.34.3", "has written the same version"],
    ["1.34.5", "has written another version"],
  ] as const) {
    it(`is not reverted where somebody else ${how} meanwhile`, async () => {
      const gate = aGate("pending", "notReady");
      const scene = aGuarded(gate);
      const running = scene.start(MINOR);
      await quiet();
      scene.live = { ...scene.live, kubernetesVersion: version, resourceVersion: "200", generation: 6 };
      await scene.clock.advance(MINUTE);
      expect(failure(running).message).to.contain("was not reverted").and.to.contain(version);
      expect(gate.calls).not.to.include("revert 1.34.3");
      expect(scene.changes).to.deep.equal([]);
    });
  }

  it("is not reverted where somebody else has written the version and their rollout then fails", async () => {
    const gate = aGate("pending", "ready");
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, kubernetesVersion: "1.34.3", resourceVersion: "200", generation: 6 };
    await scene.clock.advance(MINUTE);
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).code).to.equal("GU053");
    expect(gate.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted where the Shoot can no longer be read", async () => {
    const gate = aGate("notReady");
    const scene = aGuarded(gate);
    scene.onRead(() =>
      scene.onRead(() => {
        throw new UserError("GU005", "cannot be reached");
      }),
    );
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.contain("was not reverted");
    expect(gate.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted where the cluster is another one by now", async () => {
    const gate = aGate("pending");
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, uid: "uid-2" };
    await scene.clock.advance(MINUTE);
    expect(failure(running).code).to.equal("GU052");
    expect(gate.calls).not.to.include("revert 1.34.3");
  });

  it("is not reverted once the version is accepted, whatever the outcome of the rollout", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await quiet();
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).code).to.equal("GU053");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is requested once, however often the write is retried", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    scene.answers.push(
      () => ({ kind: "busy", message: "not now" }),
      () => ({ kind: "conflict", message: "moved" }),
    );
    scene.start(MINOR);
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("may have begun where the connection failed, and is reverted then, but not where it was refused", async () => {
    const broken = aGate(new UserError("GU005", "cannot be reached", { writeOutcome: "unknown" }));
    aGuarded(broken).start(MINOR);
    await quiet();
    expect(broken.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
    const refused = aGate(new UserError("GU008", "no right"));
    aGuarded(refused).start(MINOR);
    await quiet();
    expect(refused.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is not reverted where it is unknown whether the version was accepted, and that is reported", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    scene.answers.push(() => {
      throw new UserError("GU005", "The line was cut.", { writeOutcome: "unknown" });
    });
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.contain("The line was cut.").and.to.contain("was not reverted");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is not taken for used when another step is accepted", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    const both = want("1.34.3", "1877.3.0");
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
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
  });

  it("is reported with how to revert it manually where reverting fails", async () => {
    const gate = aGate();
    Object.assign(gate.preparation, {
      revert: () => Promise.reject(new UserError("GU005", "cannot be reached")),
    });
    const scene = aGuarded(gate);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message)
      .to.contain("could not be reverted: cannot be reached.")
      .and.to.contain("Revert preparations");
  });

  it("is requested before the write, and reverted exactly where nothing was accepted after it", async () => {
    const outcomes = fc.constantFrom<Outcome>("ready", "pending", "notReady");
    const verdicts = fc.constantFrom("accepted", "busy", "conflict", "refused", "forbidden");
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcomes, { maxLength: 6 }),
        fc.array(verdicts, { maxLength: 6 }),
        async (said, answered) => {
          const gate = aGate(...said);
          const scene = aGuarded(gate);
          for (const kind of answered) {
            if (kind === "accepted") break;
            scene.answers.push(() => ({ kind, message: "no" }));
          }
          const running = scene.start(MINOR);
          await scene.clock.advance(60 * MINUTE);
          const count = (step: string) => gate.calls.filter((call) => call.startsWith(step)).length;
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
