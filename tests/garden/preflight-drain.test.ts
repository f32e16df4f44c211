import { expect } from "chai";
import {
  changePool,
  createPod,
  createReplicas,
  deleteWorkloads,
  outcomeOf,
  rules,
  usePreflightScene,
  type PreflightScene,
} from "./preflight-scene";
import { describeReal } from "./suite";
import { restore, withdraw } from "./viewers";

const TAINT = { key: "dedicated", value: "gpu", effect: "NoSchedule" };

describeReal("The findings of the drain check on a real API server", () => {
  let scene: PreflightScene;
  let shoot: PreflightScene["shoot"];
  let nodes: readonly string[];
  let node: string;

  usePreflightScene((set) => {
    scene = set;
    shoot = scene.shoot;
    nodes = scene.nodes;
    node = nodes[0] ?? "";
  });
  afterEach(async () => deleteWorkloads(shoot));

  const found = async () => rules(await scene.examine(), "drain");
  const pair = (name: string, spec: object = {}) =>
    createReplicas(shoot, name, nodes, [true, true], { spec });

  describe("at workloads", () => {
    it("are a single replica, and a long grace period of its pods", async () => {
      const spec = { terminationGracePeriodSeconds: 3600 };
      await createReplicas(shoot, "search", nodes, [true], { spec });
      expect(await found()).to.deep.equal([
        "info singleReplica shop/search",
        "info longGracePeriod shop/search",
      ]);
    });

    it("are a StatefulSet whose pods are not all ready", async () => {
      await createReplicas(shoot, "db", nodes, [true, false], { kind: "StatefulSet" });
      expect(await found()).to.deep.equal(["warn unreadyStatefulSet shop/db"]);
    });

    it("are pods that only their node may run", async () => {
      await pair("cache", { nodeSelector: { "kubernetes.io/hostname": node } });
      expect(await found()).to.deep.equal([
        "warn pinnedToNode shop/cache-1",
        "warn pinnedToNode shop/cache-2",
      ]);
    });

    it("are pods that require a label which one node of the pool has", async () => {
      await shoot.patch(`/api/v1/nodes/${node}`, "merge", { metadata: { labels: { disk: "ssd" } } });
      await pair("index", { nodeSelector: { disk: "ssd" } });
      expect(await found()).to.deep.equal(["warn labelledNodes shop/index"]);
      await shoot.patch(`/api/v1/nodes/${node}`, "merge", { metadata: { labels: { disk: null } } });
    });

    it("are emptyDir volumes, in one note", async () => {
      const volumes = [
        { name: "scratch", emptyDir: {} },
        { name: "shared", emptyDir: { medium: "Memory" } },
      ];
      await pair("a", { volumes });
      await pair("b", { volumes: volumes.slice(0, 1) });
      const result = await scene.examine();
      expect(rules(result, "drain")).to.deep.equal(["info emptyDir garden-demo/web"]);
      expect(result.findings[0]?.found).to.equal(
        "emptyDir volumes: 4 pods on disk (ReplicaSet shop/a: 2, ReplicaSet shop/b: 2); 2 pods in memory (ReplicaSet shop/a: 2)",
      );
      await deleteWorkloads(shoot);
      expect(outcomeOf(await scene.examine(), "drain")).to.equal("passed");
    });
  });

  describe("at nodes", () => {
    it("are one that is not ready, and one that is preserved", async () => {
      const path = `/api/v1/nodes/${node}`;
      const ready = (status: string) => ({ status: { conditions: [{ type: "Ready", status }] } });
      await shoot.patch(`${path}/status`, "strategic", ready("False"));
      const annotation = "node.machine.sapcloud.io/preserve";
      await shoot.patch(path, "merge", { metadata: { annotations: { [annotation]: "now" } } });
      expect(await found()).to.deep.equal([`warn nodeNotReady ${node}`, `warn nodePreserved ${node}`]);
      await shoot.patch(`${path}/status`, "strategic", ready("True"));
      await shoot.patch(path, "merge", { metadata: { annotations: { [annotation]: null } } });
      expect(await found()).to.deep.equal([]);
    });
  });

  describe("by taints of the worker pool", () => {
    before(async () => changePool(scene, { taints: [TAINT] }));
    after(async () => changePool(scene, { taints: [] }));

    it("are pods that do not tolerate them", async () => {
      await pair("cart");
      const result = await scene.examine();
      expect(rules(result, "drain")).to.deep.equal(["warn untoleratedTaints shop/cart"]);
      expect(result.findings[0]?.found).to.contain("dedicated=gpu:NoSchedule");
    });

    it("are none where pods do, which then pass", async () => {
      await pair("cart", { tolerations: [{ key: "dedicated", operator: "Exists", effect: "NoSchedule" }] });
      expect(outcomeOf(await scene.examine(), "drain")).to.equal("passed");
    });

    it("are not visible without the right to list nodes", async () => {
      await pair("cart");
      const role = await withdraw(shoot, "nodes");
      const hidden = await scene.examineUntil((result) => outcomeOf(result, "drain") === "notVisible");
      expect(rules(hidden, "drain")).to.deep.equal([]);
      await restore(shoot, role);
      await scene.examineUntil((result) => outcomeOf(result, "drain") === "found");
    });
  });

  describe("in a pool without a surge", () => {
    before(async () => changePool(scene, { maxSurge: 0, maxUnavailable: 1 }));
    after(async () => changePool(scene, { maxSurge: 1, maxUnavailable: 0 }));

    /** One on each of the three nodes. */
    const everywhere = (name: string, spec: object) =>
      createReplicas(
        shoot,
        name,
        nodes,
        nodes.map(() => true),
        { spec },
      );
    const selector = (name: string) => ({ labelSelector: { matchLabels: { app: name } } });
    const host = "kubernetes.io/hostname";

    it("are host ports that are in use on every node", async () => {
      const ports = [{ containerPort: 80, hostPort: 8080 }];
      await everywhere("edge", { containers: [{ name: "main", image: "shop.example/main:1", ports }] });
      const result = await scene.examine();
      expect(rules(result, "drain")).to.deep.equal(["warn noRoom shop/edge"]);
      expect(result.findings.find(({ rule }) => rule === "noRoom")?.found).to.contain("host port 8080");
    });

    it("are pods that do not share a node", async () => {
      const term = { topologyKey: host, ...selector("queue") };
      const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
      await everywhere("queue", { affinity: { podAntiAffinity } });
      expect(await found()).to.deep.equal(["warn noRoom shop/queue"]);
    });

    it("are topology spread constraints", async () => {
      const spread = {
        topologyKey: host,
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        ...selector("web"),
      };
      await everywhere("web", { topologySpreadConstraints: [spread] });
      expect(await found()).to.deep.equal(["warn noRoom shop/web"]);
    });

    it("are taints of all other nodes", async () => {
      const others = nodes.slice(1);
      for (const name of others)
        await shoot.patch(`/api/v1/nodes/${name}`, "merge", { spec: { taints: [TAINT] } });
      await createReplicas(shoot, "report", [node], [true, true]);
      const result = await scene.examine();
      expect(rules(result, "drain")).to.deep.equal(["warn noRoom shop/report"]);
      expect(result.findings.find(({ rule }) => rule === "noRoom")?.found).to.contain("taints");
      for (const name of others)
        await shoot.patch(`/api/v1/nodes/${name}`, "merge", { spec: { taints: null } });
    });

    it("are none where another node takes the pod", async () => {
      await createReplicas(shoot, "report", [node], [true, true]);
      await createPod(shoot, "report-3", { node: nodes[1], labels: { app: "report" }, metadata: {} });
      expect((await found()).filter((line) => line.includes("noRoom"))).to.deep.equal([]);
    });
  });
});
