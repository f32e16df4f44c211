/** Whole messages of rollouts that exceed a time limit. */
import { expect } from "chai";
import { aCluster, aScene, failure, MINOR, MINUTE, operation, PATCH, underWay } from "./scene";

const CONTINUES = "The stack's state is unchanged; the next `pulumi up` continues from the live Shoot.";

describe("the message of a rollout that exceeds a limit", () => {
  it("names the timeout, the last operation and the nodes", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH, { options: { timeoutMs: 5 * MINUTE } });
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running).message).to.equal(
      "web: not complete within 5m (rollout.timeout), while waiting for Gardener's Reconcile to succeed. " +
        `Last operation: Reconcile Processing at 0 %. Nodes not yet updated: n1, n2 and n3. ${CONTINUES}`,
    );
  });

  it("names no nodes before Gardener has started to reconcile the change", async () => {
    const scene = aScene();
    const running = scene.start(PATCH, { options: { progressDeadlineMs: 5 * MINUTE } });
    await scene.clock.advance(6 * MINUTE);
    expect(failure(running).message).to.equal(
      "web: no progress for 5m (rollout.progressDeadline), while waiting for Gardener to start reconciling the change. " +
        `Last operation: Reconcile Succeeded at 100 %: ${aCluster().lastOperation?.description} ${CONTINUES}`,
    );
  });

  it("names no nodes where the wait is the one before the write", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    const running = scene.start(MINOR, { options: { progressDeadlineMs: 5 * MINUTE } });
    await scene.clock.advance(6 * MINUTE);
    expect(failure(running).message).to.equal(
      "web: no progress for 5m (rollout.progressDeadline), while waiting for Gardener's Reconcile to succeed (Processing, 40 %). " +
        `Last operation: Reconcile Processing at 40 %. ${CONTINUES}`,
    );
    expect(scene.clusterOpens()).to.equal(0);
  });
});
