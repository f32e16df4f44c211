import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import type { Step } from "../../../provider/model/plan";
import { stepsTo } from "../../../provider/plan";
import { aRoute, everyCapability } from "../builders";
import { quiet } from "./clock";
import { aCluster, aScene, operation, targetOf, type Running, type Scene } from "./scene";

const target = targetOf("1.35.2", "1877.3.0");
const declared = { target, route: aRoute({ versions: ["1.34.3"] }) };
const sequence = stepsTo(target, aCluster(), declared.route, everyCapability);
const request = { declared, checked: sequence.kind === "steps" ? sequence.steps : [] };

describe("the preflight checks of a rollout", () => {
  /** What the steps were to come to, each time that the checks ran. */
  let examined: string[][];
  let scene: Scene;

  beforeEach(() => {
    examined = [];
    scene = aScene();
  });

  const versions = (steps: readonly Step[]) => steps.map(({ kubernetes }) => kubernetes?.to ?? "");

  /** @param blocksAt the runs of the checks that find something, counted from 1. */
  function start(...blocksAt: readonly number[]): Running {
    return scene.start(target, {
      ...request,
      preflight: (_shoot, steps) => {
        examined.push(versions(steps));
        return Promise.resolve(
          blocksAt.includes(examined.length)
            ? new UserError("GU070", "web: preflight drain: PersistentVolume data: bound.")
            : undefined,
        );
      },
    });
  }

  const blockedBy = (running: Running) => {
    const outcome = running.outcome();
    return outcome?.kind === "blocked" ? outcome.error.message : outcome;
  };

  it("run before the first write for all steps, and before each further one for that step", async () => {
    start();
    await quiet();
    expect(examined).to.deep.equal([["1.34.3", "1.35.2"]]);
    await scene.begin();
    await scene.succeed();
    expect(examined).to.deep.equal([["1.34.3", "1.35.2"], ["1.35.2"]]);
    expect(scene.changes).to.have.length(2);
  });

  it("stop it with nothing written", async () => {
    const running = start(1);
    await quiet();
    expect(blockedBy(running)).to.equal(
      "web: preflight drain: PersistentVolume data: bound.\nNothing was written.",
    );
    expect(scene.changes).to.deep.equal([]);
  });

  it("stop it between two steps, and the message names what is complete and what is left", async () => {
    const running = start(2, 3, 4, 5);
    await quiet();
    await scene.begin();
    await scene.succeed();
    await scene.clock.advance(105_000);
    expect(blockedBy(running))
      .to.contain("bound.\nNothing further was written. Completed before: Kubernetes 1.33.4 → 1.34.3")
      .and.to.contain("Left after that: Kubernetes 1.34.3 → 1.35.2");
    expect(scene.changes.map(({ kubernetesVersion }) => kubernetesVersion)).to.deep.equal(["1.34.3"]);
  });

  it("do not stop it between two steps at what does not last", async () => {
    const running = start(2);
    await quiet();
    await scene.begin();
    await scene.succeed();
    expect([scene.changes.length, running.running()]).to.deep.equal([1, true]);
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.contain("the preflight checks have found what would stop the next step");
    await scene.clock.advance(10_000);
    expect(scene.changes).to.have.length(2);
  });

  it("run ahead of a wait for the Shoot, and again after it", async () => {
    scene.live = aCluster({ lastOperation: operation("Processing", 40) });
    const running = start(2);
    await quiet();
    expect([examined.length, running.running()]).to.deep.equal([1, true]);
    await scene.move({ lastOperation: operation("Succeeded", 100) });
    expect(examined).to.have.length(2);
    expect(blockedBy(running)).to.contain("Nothing was written.");
    expect(scene.changes).to.deep.equal([]);
  });

  it("are followed by another read: a hold that was set meanwhile counts", async () => {
    const running = scene.start(target, {
      ...request,
      preflight: () => {
        scene.live = aCluster({ annotations: { "pulumi-gardener.io/hold": "release" } });
        return Promise.resolve(undefined);
      },
    });
    await quiet();
    expect([running.outcome()?.kind, scene.changes]).to.deep.equal(["held", []]);
  });

  it("do not run for a Shoot that is held", async () => {
    scene.live = aCluster({ annotations: { "pulumi-gardener.io/hold": "" } });
    const running = start();
    await quiet();
    expect([running.outcome()?.kind, examined]).to.deep.equal(["held", []]);
  });
});
