import { expect } from "chai";
import { type Gardenlet, startGardenlet } from "../../gardenlet/gardenlet";
import { createStore } from "../../api/store";
import type { ClusterNode, ShootClusterWriter } from "../../shoot/cluster";
import { at, type JsonMap, mapsAt, textAt } from "../../json";
import { memoryCluster } from "../../shoot/apis";
import { pool, SHOOT, shootObject, type TinyGarden, tinyGarden } from "./garden";

const FAULT = "sandbox.pulumi-gardener.io/fault";

const state = (shoot: JsonMap): string => textAt(shoot, "status", "lastOperation", "state");
const observed = (shoot: JsonMap): unknown => at(shoot, "status", "observedGeneration");
const reconciled = (generation: number) => (shoot: JsonMap) =>
  state(shoot) === "Succeeded" &&
  observed(shoot) === generation &&
  mapsAt(shoot, "status", "conditions").length > 0 &&
  mapsAt(shoot, "status", "conditions").every((condition) => at(condition, "status") === "True");
const conditionIs = (type: string, status: string) => (shoot: JsonMap) =>
  mapsAt(shoot, "status", "conditions").some(
    (condition) => at(condition, "type") === type && at(condition, "status") === status,
  );

describe("the sandbox's gardenlet", () => {
  let garden: TinyGarden;
  let cluster: ShootClusterWriter;
  let gardenlet: Gardenlet;
  let seen: { readonly nodes: readonly ClusterNode[] }[];

  async function start(spec: JsonMap = {}): Promise<void> {
    garden = tinyGarden({ path: SHOOT, value: shootObject(spec) });
    const now = () => new Date();
    cluster = memoryCluster(createStore(now), { version: undefined, hibernated: false }, now);
    seen = [];
    gardenlet = startGardenlet({ garden, cluster: () => Promise.resolve(watched(cluster)), speed: 200 });
    await garden.until(SHOOT, reconciled(1));
  }

  /** Remembers the nodes after each change. */
  function watched(inner: ShootClusterWriter): ShootClusterWriter {
    const remember = async (): Promise<void> => {
      seen.push({ nodes: await inner.listNodes() });
    };
    return {
      ...inner,
      createNode: (node) => inner.createNode(node).then(remember),
      updateNode: (name, change) => inner.updateNode(name, change).then(remember),
      deleteNode: (name) => inner.deleteNode(name).then(remember),
    };
  }

  const statuses = (from: number): JsonMap[] =>
    garden.written.slice(from).filter((shoot) => state(shoot) !== "");

  afterEach(() => gardenlet.stop());

  it("creates a Shoot's nodes and reports what Gardener reports", async () => {
    await start();
    const nodes = await cluster.listNodes();
    expect(nodes).to.have.length(3);
    for (const node of nodes) {
      expect(node).to.include({ ready: true, kubeletVersion: "v1.33.4", osImage: "Garden Linux 1592.10.0" });
      expect(node.labels).to.include({
        "worker.gardener.cloud/pool": "pool-a",
        "worker.gardener.cloud/kubernetes-version": "1.33.4",
      });
    }
    const status = at(garden.shoot(), "status");
    expect(status).to.include({ technicalID: "shoot--demo--web", hibernated: false, observedGeneration: 1 });
    expect(at(status, "lastOperation")).to.include({
      type: "Create",
      state: "Succeeded",
      progress: 100,
      description: "Shoot cluster has been successfully reconciled.",
    });
    expect(await cluster.version()).to.equal("1.33.4");
  });

  it("begins with one write that holds the new generation and progress 0", async () => {
    await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2);
    const first = statuses(before).find((shoot) => observed(shoot) === 2);
    expect(at(first, "status", "lastOperation")).to.include({
      type: "Reconcile",
      state: "Processing",
      progress: 0,
    });
  });

  it("restarts kubelets in place for a patch of Kubernetes", async () => {
    await start();
    const names = (await cluster.listNodes()).map((node) => node.name);
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, reconciled(2));
    const nodes = await cluster.listNodes();
    expect(nodes.map((node) => node.name)).to.have.members(names);
    expect(new Set(nodes.map((node) => node.kubeletVersion))).to.deep.equal(new Set(["v1.33.7"]));
    expect(await cluster.version()).to.equal("1.33.7");
  });

  it("replaces nodes for another minor, the control plane first", async () => {
    await start();
    const names = (await cluster.listNodes()).map((node) => node.name);
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, reconciled(2));
    const nodes = await cluster.listNodes();
    expect(nodes.map((node) => node.name)).not.to.have.any.members(names);
    expect(new Set(nodes.map((node) => node.kubeletVersion))).to.deep.equal(new Set(["v1.34.3"]));
  });

  it("never has more nodes than surge allows, nor fewer available ones than desired", async () => {
    await start();
    seen = [];
    const image = { name: "gardenlinux", version: "1877.3.0" };
    garden.changeSpec({ provider: { workers: [pool("pool-a", { machine: { type: "medium", image } })] } });
    await garden.until(SHOOT, reconciled(2));
    expect(seen).not.to.deep.equal([]);
    for (const { nodes } of seen) {
      expect(nodes.length).to.be.at.most(4);
      expect(nodes.filter((node) => node.ready && !node.unschedulable).length).to.be.at.least(3);
    }
    expect((await cluster.listNodes()).map((node) => node.osImage)).to.deep.equal(
      Array(3).fill("Garden Linux 1877.3.0"),
    );
  });

  it("keeps a pinned pool on its own version", async () => {
    await start();
    garden.changeSpec({
      kubernetes: { version: "1.34.3" },
      provider: { workers: [pool("pool-a"), pool("gpu", { minimum: 1, kubernetes: { version: "1.33.4" } })] },
    });
    await garden.until(SHOOT, reconciled(2));
    const gpu = (await cluster.listNodes()).filter(
      (node) => node.labels["worker.gardener.cloud/pool"] === "gpu",
    );
    expect(gpu.map((node) => node.kubeletVersion)).to.deep.equal(["v1.33.4"]);
  });

  it("reports its progress in Gardener's text, never decreasing", async () => {
    await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, reconciled(2));
    const operations = statuses(before).map((shoot) => at(shoot, "status", "lastOperation"));
    expect(operations.map((operation) => at(operation, "description"))).to.include(
      "Waiting until worker pools have been reconciled",
    );
    const progress = operations.slice(1).map((operation) => Number(at(operation, "progress")));
    expect(progress).to.deep.equal([...progress].sort((a, b) => a - b));
  });

  it("sets conditions to Progressing with the success and to True afterwards", async () => {
    await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, reconciled(2));
    const first = statuses(before).find((shoot) => state(shoot) === "Succeeded" && observed(shoot) === 2);
    expect(mapsAt(first, "status", "conditions").map((condition) => at(condition, "status"))).to.deep.equal(
      Array(5).fill("Progressing"),
    );
  });

  it("finishes a run with its old generation before it begins with a change made meanwhile", async () => {
    await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2 && state(shoot) === "Processing");
    garden.changeSpec({ kubernetes: { version: "1.34.4" } });
    await garden.until(SHOOT, reconciled(3));
    const ends = statuses(before)
      .filter((shoot) => state(shoot) === "Succeeded")
      .map((shoot) => observed(shoot));
    expect(ends).to.include(2);
    expect(ends.indexOf(3)).to.be.greaterThan(ends.indexOf(2));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.4"),
    );
  });

  it("removes every node when the Shoot hibernates, and wakes it up on current versions", async () => {
    await start();
    garden.changeSpec({ hibernation: { enabled: true } });
    await garden.until(SHOOT, reconciled(2));
    expect(await cluster.listNodes()).to.deep.equal([]);
    expect(at(garden.shoot(), "status", "hibernated")).to.equal(true);
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, reconciled(3));
    garden.changeSpec({ hibernation: { enabled: false } });
    await garden.until(SHOOT, reconciled(4));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.3"),
    );
    expect(at(garden.shoot(), "status", "hibernated")).to.equal(false);
  });

  it("removes the nodes of a removed pool", async () => {
    await start({ provider: { type: "local", workers: [pool("pool-a"), pool("pool-b", { minimum: 2 })] } });
    expect(await cluster.listNodes()).to.have.length(5);
    garden.changeSpec({ provider: { workers: [pool("pool-a")] } });
    await garden.until(SHOOT, reconciled(2));
    expect(await cluster.listNodes()).to.have.length(3);
  });

  it("completes an operation that an earlier gardenlet left in the middle", async () => {
    await start();
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2);
    await gardenlet.stop();
    expect(state(garden.shoot())).to.equal("Processing");
    gardenlet = startGardenlet({ garden, cluster: () => Promise.resolve(cluster), speed: 200 });
    await garden.until(SHOOT, reconciled(2));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.3"),
    );
  });

  it("writes nothing while nothing is requested", async () => {
    await start();
    const before = garden.written.length;
    garden.annotate({ note: "mine" });
    await gardenlet.stop();
    expect(garden.written.length).to.equal(before + 1);
  });

  describe("faults", () => {
    const minor = { kubernetes: { version: "1.34.3" } };

    it("error-once: Error in the middle with Gardener's text, then success without errors", async () => {
      await start();
      garden.annotate({ [FAULT]: "error-once" });
      garden.changeSpec(minor);
      const failed = await garden.until(SHOOT, (shoot) => state(shoot) === "Error");
      expect(textAt(failed, "status", "lastOperation", "description")).to.match(
        /Operation will be retried\.$/,
      );
      expect(textAt(failed, "status", "lastErrors", 0, "description")).to.match(
        /\d+\/3 desired machine\(s\) available, \d+\/3 machine\(s\) updated/,
      );
      const done = await garden.until(SHOOT, reconciled(2));
      expect(at(done, "status", "lastErrors")).to.equal(undefined);
    });

    it("fail=CODE: Failed at once, with the code; retry succeeds once the fault is removed", async () => {
      await start();
      garden.annotate({ [FAULT]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
      const before = garden.written.length;
      garden.changeSpec(minor);
      const failed = await garden.until(SHOOT, (shoot) => state(shoot) === "Failed");
      expect(at(failed, "status", "lastErrors", 0, "codes")).to.deep.equal(["ERR_INFRA_QUOTA_EXCEEDED"]);
      expect(textAt(failed, "status", "lastErrors", 0, "description")).to.contain("Quota exceeded");
      expect(statuses(before).map(state)).not.to.include("Error");
      garden.annotate({ [FAULT]: null });
      garden.annotate({ "gardener.cloud/operation": "reconcile" });
      await garden.until(SHOOT, reconciled(3));
    });

    it("stall: no progress until the annotation is removed", async () => {
      await start();
      garden.annotate({ [FAULT]: "stall" });
      garden.changeSpec(minor);
      await garden.until(SHOOT, (shoot) => Number(at(shoot, "status", "lastOperation", "progress")) > 50);
      expect((await cluster.listNodes()).some((node) => node.kubeletVersion === "v1.33.4")).to.equal(true);
      garden.annotate({ [FAULT]: null });
      await garden.until(SHOOT, reconciled(2));
    });

    it("unhealthy=TYPE: that condition is False while the annotation is there", async () => {
      await start();
      garden.annotate({ [FAULT]: "unhealthy=EveryNodeReady" });
      await garden.until(SHOOT, conditionIs("EveryNodeReady", "False"));
      garden.annotate({ [FAULT]: null });
      await garden.until(SHOOT, reconciled(1));
    });

    it("stale-success: Succeeded is reported while an old node exists, which is removed later", async () => {
      await start();
      garden.annotate({ [FAULT]: "stale-success" });
      garden.changeSpec(minor);
      await garden.until(SHOOT, (shoot) => state(shoot) === "Succeeded" && observed(shoot) === 2);
      const versions = (await cluster.listNodes()).map((node) => node.kubeletVersion);
      expect(versions.filter((version) => version === "v1.33.4")).to.have.length(1);
      await garden.until(SHOOT, reconciled(2));
      expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
        Array(3).fill("v1.34.3"),
      );
    });
  });
});
