import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { aPool } from "../builders";
import { quiet } from "./clock";
import {
  aCluster,
  aNode,
  failure,
  HOLD,
  MINOR,
  MINUTE,
  ONE_AT_A_TIME,
  operation,
  stepsFor,
  targetOf,
  type Scene,
} from "./scene";
import { aPreparation, aPreparedScene, type Outcome } from "./preparation";

describe("a garden's own preparation that is not used", () => {
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
    await scene.clock.advance(MINUTE);
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
    const checked = stepsFor(both, aCluster(), ONE_AT_A_TIME);
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
