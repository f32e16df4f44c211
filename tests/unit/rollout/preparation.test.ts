import { expect } from "chai";
import * as fc from "fast-check";
import type { UpgradePreparation, UpgradeReadiness } from "../../../provider/garden/garden";
import { UserError } from "../../../provider/model/problem";
import { inSteps, pending } from "../../../provider/plan";
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

describe("a garden's own gate before a minor", () => {
  it("is passed before the version is written", async () => {
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

  it("is asked with growing pauses while it is pending, and nothing is written before it is ready", async () => {
    const gate = aGate("pending", "pending", "pending", "ready");
    const scene = aGuarded(gate);
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.join("\n")).to.contain("the garden prepares for Kubernetes 1.34.3");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "check 1.34.3", "check 1.34.3"]);
    expect(scene.changes).to.have.length(1);
  });

  it("leads to another look at the cluster, which it may have changed", async () => {
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

  it("is for minors, unless the program says otherwise", async () => {
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

  it("ends the rollout where the cluster is not ready, with the garden's details, and takes back what it began", async () => {
    const gate = aGate("pending", "notReady");
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await scene.clock.advance(MINUTE);
    const { code, message } = failure(running);
    expect(code).to.equal("GU044");
    expect(message).to.contain("notReady it is").and.to.contain("was taken back");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "check 1.34.3", "revert 1.34.3"]);
    expect(scene.changes).to.deep.equal([]);
    expect(scene.warnings.map(({ code: warned }) => warned)).to.deep.equal(["GU063"]);
  });

  it("is taken back where the garden then refuses the version", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).code).to.equal("GU050");
    expect(failure(running).message).to.contain("was taken back");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
  });

  it("is taken back where the rollout is called off, held, or takes too long before the write", async () => {
    const calledOff = aGate("pending");
    const stop = new AbortController();
    const first = aGuarded(calledOff).start(MINOR, { signal: stop.signal });
    await quiet();
    stop.abort();
    await quiet();
    expect(failure(first).code).to.equal("GU058");
    expect(calledOff.calls.at(-1)).to.equal("revert 1.34.3");

    const held = aGate("pending");
    const scene = aGuarded(held);
    const second = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, annotations: { [HOLD]: "now" } };
    await scene.clock.advance(MINUTE);
    expect(failure(second).code).to.equal("GU045");
    expect(held.calls.at(-1)).to.equal("revert 1.34.3");

    const slow = aGate(...Array<Outcome>(99).fill("pending"));
    const third = aGuarded(slow);
    const running = third.start(MINOR, { options: { stalledMs: 10 * MINUTE } });
    await third.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU054");
    expect(slow.calls.at(-1)).to.equal("revert 1.34.3");
  });

  it("is left alone where the cluster is another one by now", async () => {
    const gate = aGate("pending");
    const scene = aGuarded(gate);
    const running = scene.start(MINOR);
    await quiet();
    scene.live = { ...scene.live, uid: "uid-2" };
    await scene.clock.advance(MINUTE);
    expect(failure(running).code).to.equal("GU052");
    expect(gate.calls).not.to.include("revert 1.34.3");
  });

  it("is not taken back once the version is accepted, whatever becomes of the rollout", async () => {
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

  it("is passed once, however often the write has to be tried", async () => {
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

  it("may have begun where the line broke, and is taken back then, but not where it was refused", async () => {
    const broken = aGate(new UserError("GU005", "cannot be reached", { writeOutcome: "unknown" }));
    aGuarded(broken).start(MINOR);
    await quiet();
    expect(broken.calls).to.deep.equal(["prepare 1.34.3", "revert 1.34.3"]);
    const refused = aGate(new UserError("GU008", "no right"));
    aGuarded(refused).start(MINOR);
    await quiet();
    expect(refused.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is left as it is where nobody knows whether the version was accepted, and that is said", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    scene.answers.push(() => {
      throw new UserError("GU005", "The line was cut.", { writeOutcome: "unknown" });
    });
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message).to.contain("The line was cut.").and.to.contain("was left as it is");
    expect(gate.calls).to.deep.equal(["prepare 1.34.3"]);
  });

  it("is not in use by the acceptance of another step", async () => {
    const gate = aGate();
    const scene = aGuarded(gate);
    const both = want("1.34.3", "1877.3.0");
    scene.live = {
      ...scene.live,
      workers: [aPool({ machineImage: { name: "gardenlinux", version: "1877.3.0" } })],
    };
    const checked = inSteps(pending(both, aCluster()), ONE_AT_A_TIME);
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

  it("says how a person takes it back where that fails", async () => {
    const gate = aGate();
    Object.assign(gate.preparation, {
      revert: () => Promise.reject(new UserError("GU005", "cannot be reached")),
    });
    const scene = aGuarded(gate);
    scene.answers.push(() => ({ kind: "refused", message: "no" }));
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running).message)
      .to.contain("could not be taken back: cannot be reached.")
      .and.to.contain("Revert preparations");
  });

  it("is passed at most once, and taken back exactly where nothing was accepted after it", async () => {
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
          expect(count("prepare")).to.equal(1);
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
