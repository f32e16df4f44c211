/** What a rollout of several steps, or one that is not awaited, makes of what it finds. */
import { expect } from "chai";
import { pending } from "../../../provider/plan";
import { summary } from "../../../provider/rollout/summary";
import { aPool } from "../builders";
import { quiet } from "./clock";
import { aCluster, aScene, failure, operation, PATCH, targetOf } from "./scene";
import { BOTH, finish, imaged, limits } from "./steps";

describe("the error of a rollout", () => {
  it("has no sentence about steps where none was complete", async () => {
    const scene = aScene();
    const running = scene.start(PATCH);
    await quiet();
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota exceeded", codes: [] }],
    });
    expect(failure(running).message).to.equal(
      "web: the rollout failed: Gardener stopped with 1 error. Last operation: Reconcile Failed at 30 %: quota exceeded. " +
        "When the cause is fixed, retry the operation: `kubectl --namespace garden-demo annotate shoot web gardener.cloud/operation=retry` on the garden. " +
        "The stack's state is unchanged; the next `pulumi up` continues from the live Shoot.",
    );
  });

  it("is the same error after a step where it is not one for users", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    const defect = new TypeError("a defect");
    scene.onRead(() => {
      throw defect;
    });
    await finish(scene, imaged);
    expect(running.error()).to.equal(defect);
  });

  it("reports versions of the first of several steps that somebody has lowered", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    await scene.move({ workers: [aPool()] });
    expect(failure(running).code).to.equal("GU053");
    expect(failure(running).message).to.include("no longer has the versions that were written");
  });
});

describe("a rollout that is not awaited and has nothing to write", () => {
  it("reports no steps that are left", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9", generation: 6 }));
    const running = scene.start(PATCH, { options: { wait: false } });
    await quiet();
    expect(running.error()).to.equal(undefined);
    expect(running.outcome()).to.have.property("kind", "written");
    expect(scene.infos).to.deep.equal([]);
  });
});

describe("the summary of a step", () => {
  it("names only the pools that it changes", () => {
    const workers = [aPool(), aPool({ name: "gpu" })];
    const target = targetOf(undefined, "1877.3.0", ["gpu"]);
    const [step] = pending(target, aCluster({ workers }));
    const changed = aPool({ name: "gpu", machineImage: { name: "gardenlinux", version: "1877.3.0" } });
    const shoot = aCluster({ workers: [aPool(), changed] });
    expect(summary("web", { shoot, nodes: "verified", verified: 3 }, target, step, 61_000)).to.equal(
      "web: gpu on gardenlinux 1877.3.0, 3 nodes verified, in 1m 1s",
    );
  });
});
