import { expect } from "chai";
import { aPool } from "../builders";
import { aNode, aPod, cart, checked, rulesOf, type Objects, type PodParts } from "./scene";

const drainOf = (objects: Objects, more: object = {}) => checked("drain", { objects, ...more });
const withPods = (...pods: object[]): Objects => ({ ...cart, pods });
const volume = (nodes: readonly string[]) => ({
  metadata: { name: "pv-1" },
  spec: {
    claimRef: { namespace: "shop", name: "data" },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: nodes }] },
        ],
      },
    },
  },
});
const claimed = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
const rules = async (objects: Objects, more: object = {}) => rulesOf((await drainOf(objects, more)).findings);

describe("the check of what is drained", () => {
  it("passes where pods have a controller, another replica and no ties to a node", async () => {
    expect((await drainOf(cart)).outcome).to.equal("passed");
  });

  it("is not visible without the right to list pods", async () => {
    expect((await drainOf(cart, { hidden: ["pods"] })).outcome).to.equal("notVisible");
  });

  it("has findings and parts that are not visible at once", async () => {
    const { outcome, notVisible } = await drainOf(withPods(aPod("job", { owner: null })), {
      hidden: ["volumes"],
    });
    expect(outcome).to.equal("found");
    expect(notVisible).to.have.length(1);
  });

  it("warns of a pod without a controller", async () => {
    expect(await rules(withPods(aPod("job", { owner: null })))).to.deep.equal(["warn noController shop/job"]);
  });

  it("notes a single replica by its Deployment", async () => {
    const { findings } = await drainOf(withPods(aPod("cart-1")));
    expect(findings[0]).to.deep.include({
      rule: "singleReplica",
      object: { kind: "Deployment", name: "shop/cart" },
    });
  });

  it("counts replicas on all nodes, and none that is terminating", async () => {
    const gone = aPod("cart-2", { node: "node-2", deleted: "2026-11-23T11:59:00Z" });
    expect(await rules(withPods(aPod("cart-1"), gone))).to.deep.equal(["info singleReplica shop/cart"]);
  });

  it("blocks where a volume is lost with its node", async () => {
    const objects = {
      ...withPods(aPod("db-0", { spec: claimed, owner: null })),
      volumes: [volume(["node-1"])],
    };
    expect(await rules(objects)).to.include("block nodeBoundVolume pv-1");
  });

  it("accepts a volume that another node can use as well", async () => {
    const objects = {
      ...withPods(aPod("db-0", { spec: claimed, owner: null })),
      volumes: [volume(["node-1", "node-9"])],
    };
    expect(await rules(objects)).not.to.include("block nodeBoundVolume pv-1");
  });

  it("warns of a pod that only its node may run", async () => {
    const spec = { nodeSelector: { "kubernetes.io/hostname": "node-1" } };
    expect(await rules(withPods(aPod("a", { spec }), aPod("b")))).to.deep.equal(["warn pinnedToNode shop/a"]);
  });

  it("notes files of a node", async () => {
    const spec = { volumes: [{ name: "cache", hostPath: { path: "/var/cache" } }] };
    expect(await rules(withPods(aPod("a", { spec }), aPod("b")))).to.deep.equal(["info hostPath shop/a"]);
  });

  it("notes a grace period of ten minutes and more", async () => {
    const spec = { terminationGracePeriodSeconds: 3600 };
    const { findings } = await drainOf(withPods(aPod("a", { spec }), aPod("b", { spec })));
    expect(rulesOf(findings)).to.deep.equal(["info longGracePeriod shop/cart"]);
    expect(findings[0]?.found).to.contain("60 minutes");
  });

  it("warns of a StatefulSet without all of its pods ready", async () => {
    const owner = { kind: "StatefulSet", name: "db" };
    const objects = {
      ...withPods(aPod("db-0", { owner }), aPod("db-1", { owner, ready: false })),
      statefulSets: [
        { metadata: { namespace: "shop", name: "db" }, spec: { replicas: 2 }, status: { readyReplicas: 1 } },
      ],
    };
    expect(await rules(objects)).to.deep.equal(["warn unreadyStatefulSet shop/db"]);
  });

  const alone: PodParts = { spec: { containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }] } };
  const everyNode = withPods(aPod("a", alone), aPod("b", { ...alone, node: "node-2" }));

  it("warns of host ports on every node where the pool has no surge", async () => {
    const shoot = { workers: [aPool({ maxSurge: 0, maxUnavailable: 1 })] };
    expect(await rules(everyNode, { shoot })).to.deep.equal(["warn noRoom shop/cart"]);
  });

  it("accepts them where there is a surge node first", async () => {
    expect(await rules(everyNode)).to.deep.equal([]);
  });

  it("warns of nodes that are not ready or preserved, and notes cordoned ones", async () => {
    const annotations = { "node.machine.sapcloud.io/preserve": "now" };
    const nodes = [
      aNode("node-1", { ready: false }),
      aNode("node-2", { spec: { unschedulable: true } }),
      aNode("node-3", { annotations }),
      aNode("node-4", { pool: "pool-b", ready: false }),
    ];
    expect(await rules({ nodes })).to.have.members([
      "warn nodeNotReady node-1",
      "info nodeCordoned node-2",
      "warn nodePreserved node-3",
    ]);
  });

  it("leaves Gardener's own pods out", async () => {
    const labels = { origin: "gardener" };
    expect((await drainOf(withPods(aPod("coredns", { labels, owner: null })))).outcome).to.equal("passed");
  });
});
