import { expect } from "chai";
import { aPool } from "../builders";
import { aNode, aPod, checked, rulesOf, type Objects } from "./scene";

const drainOf = (objects: Objects, more: object = {}) => checked("drain", { objects, ...more });
const rules = async (objects: Objects, more: object = {}) => rulesOf((await drainOf(objects, more)).findings);

describe("the drain check of nodes with taints", () => {
  const taint = (key: string, effect = "NoSchedule") => ({ key, value: "gpu", effect });
  const dedicated = taint("dedicated");
  const tainted = (name: string, ...taints: object[]) => aNode(name, { spec: { taints } });
  const both = [tainted("node-1", dedicated), tainted("node-2", dedicated)];
  const shoot = { workers: [aPool({ taints: [dedicated] })] };
  const replicas = (spec: object = {}) => [aPod("a", { spec }), aPod("b", { node: "node-2", spec })];
  const tolerating = (...tolerations: object[]) => replicas({ tolerations });

  it("warns where a pod tolerates the taints of no node that it may use", async () => {
    const { findings } = await drainOf({ nodes: both, pods: replicas() }, { shoot });
    expect(rulesOf(findings)).to.deep.equal(["warn untoleratedTaints shop/cart"]);
    expect(findings[0]?.found).to.contain("(dedicated=gpu:NoSchedule)");
  });

  it("accepts pods that tolerate them, in each way to write that", async () => {
    for (const toleration of [
      { key: "dedicated", value: "gpu" },
      { key: "dedicated", operator: "Equal", value: "gpu", effect: "NoSchedule" },
      { key: "dedicated", operator: "Exists" },
      { operator: "Exists" },
      { key: "dedicated", operator: "Gt", value: "8" },
    ]) {
      const objects = { nodes: both, pods: tolerating(toleration) };
      expect(await rules(objects, { shoot }), JSON.stringify(toleration)).to.deep.equal([]);
    }
  });

  it("warns where another key, value or effect is tolerated", async () => {
    for (const toleration of [
      { key: "other", operator: "Exists" },
      { key: "dedicated", value: "cpu" },
      { key: "dedicated", operator: "Exists", effect: "NoExecute" },
    ]) {
      const objects = { nodes: both, pods: tolerating(toleration) };
      expect(await rules(objects, { shoot })).to.deep.equal(["warn untoleratedTaints shop/cart"]);
    }
  });

  it("expects new nodes to have the taints of their pool alone", async () => {
    expect(await rules({ nodes: both, pods: replicas() })).to.deep.equal([]);
    const untainted = { nodes: [aNode("node-1"), aNode("node-2")], pods: replicas() };
    expect(await rules(untainted, { shoot })).to.deep.equal(["warn untoleratedTaints shop/cart"]);
  });

  it("accepts another pool that takes them, with nodes and without", async () => {
    const workers = [...shoot.workers, aPool({ name: "pool-b" })];
    const objects = { nodes: both, pods: replicas() };
    expect(await rules(objects, { shoot: { workers } })).to.deep.equal([]);
    const spec = { nodeSelector: { "worker.gardener.cloud/pool": "pool-a" } };
    expect(await rules({ nodes: both, pods: replicas(spec) }, { shoot: { workers } })).to.deep.equal([
      "warn untoleratedTaints shop/cart",
    ]);
    const staying = aNode("node-9", { pool: "pool-b" });
    const work = { drained: new Set(["pool-a"]) };
    expect(await rules({ ...objects, nodes: [...both, staying] }, { shoot, work })).to.deep.equal([]);
  });

  it("does not count another pool that their node selector excludes, or that is tainted as well", async () => {
    const spec = { nodeSelector: { "worker.gardener.cloud/pool": "pool-a" } };
    const other = aNode("node-9", { pool: "pool-b" });
    const selecting = { nodes: [...both, other], pods: replicas(spec) };
    expect(await rules(selecting, { shoot })).to.deep.equal(["warn untoleratedTaints shop/cart"]);
    const alsoTainted = aNode("node-9", { pool: "pool-b", spec: { taints: [taint("other", "NoExecute")] } });
    const { findings } = await drainOf({ nodes: [...both, alsoTainted], pods: replicas() }, { shoot });
    expect(findings[0]?.found).to.contain("(dedicated=gpu:NoSchedule, other=gpu:NoExecute)");
  });

  it("ignores taints that only advise, and those of a node's state", async () => {
    for (const ignored of [taint("dedicated", "PreferNoSchedule"), taint("node.kubernetes.io/not-ready")]) {
      const nodes = [tainted("node-1", ignored), tainted("node-2", ignored)];
      const workers = [aPool({ taints: [taint("dedicated", "PreferNoSchedule")] })];
      expect(await rules({ nodes, pods: replicas() }, { shoot: { workers } })).to.deep.equal([]);
    }
  });

  it("warns where, without a surge, the other nodes are tainted", async () => {
    const nodes = [aNode("node-1"), tainted("node-2", dedicated)];
    const pods = [aPod("a"), aPod("b")];
    const withoutSurge = { workers: [aPool({ maxSurge: 0, maxUnavailable: 1 })] };
    const { findings } = await drainOf({ nodes, pods }, { shoot: withoutSurge });
    expect(rulesOf(findings)).to.deep.equal(["warn noRoom shop/cart"]);
    expect(findings[0]?.found).to.contain("taints that its pods do not tolerate");
  });
});
