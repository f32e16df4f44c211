import { expect } from "chai";
import { readDrainObjects } from "../../../provider/preflight/read";
import { standstillCause } from "../../../provider/preflight/standstill";
import { aBudget, aNode, aPod, clusterOf, type Objects } from "./scene";

const cordoned = { spec: { unschedulable: true } };

async function cause(objects: Objects, nodes: readonly string[] = ["node-1"]): Promise<string | undefined> {
  const read = await readDrainObjects(clusterOf({ objects }), AbortSignal.timeout(10_000));
  return standstillCause(read, nodes);
}

describe("the cause of a drain that stands still", () => {
  const nodes = [aNode("node-1", cordoned), aNode("node-2")];
  const none = aBudget({ status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 } });

  it("names the node, the pod and the budget", async () => {
    expect(await cause({ nodes, pods: [aPod("cart-1")], budgets: [none] })).to.equal(
      "node node-1: PodDisruptionBudget shop/cart does not allow the eviction of Pod shop/cart-1 (1 healthy, 1 must be)",
    );
  });

  it("names several budgets over one pod", async () => {
    const budgets = [aBudget(), aBudget({ name: "all" })];
    expect(await cause({ nodes, pods: [aPod("cart-1")], budgets })).to.contain("shop/cart and shop/all");
  });

  it("names pods that are terminating", async () => {
    const pods = [aPod("cart-1", { deleted: "2026-11-23T11:00:00Z" })];
    expect(await cause({ nodes, pods })).to.equal(
      "node node-1: Pod shop/cart-1 is terminating (grace period 30 s)",
    );
  });

  it("counts what is beyond three", async () => {
    const pods = [1, 2, 3, 4, 5].map((index) => aPod(`cart-${index}`));
    expect(await cause({ nodes, pods, budgets: [none] })).to.contain("and 2 more");
  });

  it("is none on nodes that are not drained yet, or are not waited for", async () => {
    const pods = [aPod("cart-1"), aPod("cart-2", { node: "node-2" })];
    expect(await cause({ nodes, pods, budgets: [none] }, ["node-2"])).to.equal(undefined);
  });

  it("is none where pods can be evicted", async () => {
    expect(await cause({ nodes, pods: [aPod("cart-1")], budgets: [aBudget()] })).to.equal(undefined);
  });
});
