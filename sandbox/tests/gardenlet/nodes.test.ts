import { expect } from "chai";
import { at, type JsonMap } from "../../json";
import { pool, SHOOT } from "./garden";
import { type GardenletScene, reconciled, startScene } from "./scene";

describe("the nodes that the sandbox's gardenlet rolls", () => {
  let scene: GardenletScene;
  const start = async (spec?: JsonMap) => (scene = await startScene(spec));

  afterEach(() => scene.stop());

  it("creates a Shoot's nodes and reports what Gardener reports", async () => {
    const { cluster, garden } = await start();
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

  it("restarts kubelets in place for a patch of Kubernetes", async () => {
    const { cluster, garden } = await start();
    const names = (await cluster.listNodes()).map((node) => node.name);
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, reconciled(2));
    const nodes = await cluster.listNodes();
    expect(nodes.map((node) => node.name)).to.have.members(names);
    expect(new Set(nodes.map((node) => node.kubeletVersion))).to.deep.equal(new Set(["v1.33.7"]));
    expect(await cluster.version()).to.equal("1.33.7");
  });

  it("replaces nodes for another minor, the control plane first", async () => {
    const { cluster, garden } = await start();
    const names = (await cluster.listNodes()).map((node) => node.name);
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, reconciled(2));
    const nodes = await cluster.listNodes();
    expect(nodes.map((node) => node.name)).not.to.have.any.members(names);
    expect(new Set(nodes.map((node) => node.kubeletVersion))).to.deep.equal(new Set(["v1.34.3"]));
  });

  it("never has more nodes than surge allows, nor fewer available ones than desired", async () => {
    const { cluster, garden, seen } = await start();
    seen.splice(0);
    const image = { name: "gardenlinux", version: "1877.3.0" };
    garden.changeSpec({ provider: { workers: [pool("pool-a", { machine: { type: "medium", image } })] } });
    await garden.until(SHOOT, reconciled(2));
    expect(seen).not.to.deep.equal([]);
    for (const nodes of seen) {
      expect(nodes.length).to.be.at.most(4);
      expect(nodes.filter((node) => node.ready && !node.unschedulable).length).to.be.at.least(3);
    }
    expect((await cluster.listNodes()).map((node) => node.osImage)).to.deep.equal(
      Array(3).fill("Garden Linux 1877.3.0"),
    );
  });

  it("keeps a pinned pool on its own version", async () => {
    const { cluster, garden } = await start();
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

  it("removes every node when the Shoot hibernates, and wakes it up on current versions", async () => {
    const { cluster, garden } = await start();
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
    const { cluster, garden } = await start({
      provider: { type: "local", workers: [pool("pool-a"), pool("pool-b", { minimum: 2 })] },
    });
    expect(await cluster.listNodes()).to.have.length(5);
    garden.changeSpec({ provider: { workers: [pool("pool-a")] } });
    await garden.until(SHOOT, reconciled(2));
    expect(await cluster.listNodes()).to.have.length(3);
  });
});
