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

  describe("where the pool has no surge", () => {
    const shoot = { workers: [aPool({ maxSurge: 0, maxUnavailable: 1 })] };
    const spread = (more: object = {}) => ({
      spec: {
        topologySpreadConstraints: [
          { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", ...more },
        ],
      },
    });
    const spreadOver = (parts: PodParts) =>
      rules(withPods(aPod("a", parts), aPod("b", { ...parts, node: "node-2" })), { shoot });

    it("warns of a topology spread that a drained node violates", async () => {
      expect(await spreadOver(spread())).to.deep.equal(["warn noRoom shop/cart"]);
    });

    it("accepts one that is not required, has a higher skew, or does not count cordoned nodes", async () => {
      for (const more of [
        { whenUnsatisfiable: "ScheduleAnyway" },
        { maxSkew: 2 },
        { nodeTaintsPolicy: "Honor" },
        { topologyKey: "topology.kubernetes.io/zone" },
      ]) {
        expect(await spreadOver(spread(more)), JSON.stringify(more)).to.deep.equal([]);
      }
    });

    it("warns of a node selector that no other node satisfies", async () => {
      const nodes = [
        aNode("node-1", { labels: { disk: "ssd" } }),
        aNode("node-2", { labels: { disk: "hdd" } }),
      ];
      const spec = { nodeSelector: { disk: "ssd" } };
      const objects = { ...withPods(aPod("a", { spec }), aPod("b", { spec })), nodes };
      expect(await rules(objects, { shoot })).to.deep.equal([
        "warn labelledNodes shop/cart",
        "warn noRoom shop/cart",
      ]);
    });
  });

  describe("of pods that require a label of nodes", () => {
    const labelled = (label: object) => [aNode("node-1", { labels: label }), aNode("node-2")];
    const requiring = (spec: object) => [aPod("a", { spec }), aPod("b", { spec })];
    const selected = (label: Record<string, string>) => ({ nodeSelector: label });

    it("warns where only some nodes of the pool have it", async () => {
      const { findings } = await drainOf({
        nodes: labelled({ disk: "ssd" }),
        pods: requiring(selected({ disk: "ssd" })),
      });
      expect(rulesOf(findings)).to.deep.equal(["warn labelledNodes shop/cart"]);
      expect(findings[0]?.found).to.contain("disk, which 1 of 2 nodes of worker pool pool-a have");
    });

    it("accepts one that all nodes of the pool have, or a node that stays", async () => {
      const label = { disk: "ssd" };
      const pods = requiring(selected(label));
      const everywhere = [aNode("node-1", { labels: label }), aNode("node-2", { labels: label })];
      expect(await rules({ nodes: everywhere, pods })).to.deep.equal([]);
      const staying = aNode("node-9", { pool: "pool-b", labels: label });
      expect(await rules({ nodes: [...labelled(label), staying], pods })).to.deep.equal([]);
    });

    it("accepts a zone, which new nodes have as well", async () => {
      const zone = { "topology.kubernetes.io/zone": "a" };
      expect(await rules({ nodes: labelled(zone), pods: requiring(selected(zone)) })).to.deep.equal([]);
    });

    it("compares numbers", async () => {
      const terms = [{ matchExpressions: [{ key: "example.com/cpus", operator: "Gt", values: ["8"] }] }];
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
      const pods = requiring({ affinity: { nodeAffinity } });
      const found = (cpus: string) => rules({ nodes: labelled({ "example.com/cpus": cpus }), pods });
      expect(await found("16")).to.deep.equal(["warn labelledNodes shop/cart"]);
      expect(await found("4")).to.deep.equal([]);
    });
  });

  it("blocks at a volume of a driver that names its nodes by a label of its own", async () => {
    const { spec } = volume(["node-1"]);
    const terms = [
      { matchExpressions: [{ key: "topology.topolvm.io/node", operator: "In", values: ["node-1"] }] },
    ];
    const local = {
      metadata: { name: "pv-2" },
      spec: { ...spec, nodeAffinity: { required: { nodeSelectorTerms: terms } } },
    };
    const objects = { ...withPods(aPod("db-0", { spec: claimed, owner: null })), volumes: [local] };
    expect(await rules(objects)).to.include("block nodeBoundVolume pv-2");
  });

  it("leaves Gardener's own pods out", async () => {
    const labels = { origin: "gardener" };
    expect((await drainOf(withPods(aPod("coredns", { labels, owner: null })))).outcome).to.equal("passed");
  });
});
