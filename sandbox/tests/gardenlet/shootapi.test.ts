import { expect } from "chai";
import { ApiError, type Client, connect } from "../../client";
import { issueClient } from "../../pki";
import { type SandboxCluster, type ShootApis, startShootApis } from "../../shoot/apis";
import { at, textAt } from "../../json";
import { kubeCluster } from "../../../tests/garden/kubecluster";

const NODE = {
  name: "n1",
  labels: { "worker.gardener.cloud/pool": "pool-a" },
  kubeletVersion: "v1.33.4",
  osImage: "Garden Linux 1592.10.0",
  ready: false,
  unschedulable: false,
};

async function refused(call: Promise<unknown>): Promise<number> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error("was not refused");
}

describe("the Shoots' own API in the sandbox", () => {
  let apis: ShootApis;
  let cluster: SandboxCluster;
  let clients: Client[];

  async function clientOf(group: string, of: SandboxCluster = cluster): Promise<Client> {
    const pair = await issueClient(of.access.clientCa, { commonName: "somebody", organizations: [group] });
    const { server, ca } = cluster.access;
    const client = connect({ url: server, ca, clientCert: pair.certificate, clientKey: pair.key });
    clients.push(client);
    return client;
  }

  const viewer = (): Promise<Client> => clientOf("gardener.cloud:project:viewers");
  const admin = (): Promise<Client> => clientOf("system:masters");

  beforeEach(async () => {
    clients = [];
    apis = startShootApis();
    cluster = await apis.clusterFor({ namespace: "garden-demo", name: "web" });
    await cluster.setVersion("1.33.4");
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await apis.stop();
  });

  it("is one for each Shoot, and the same one for the same Shoot", async () => {
    const again = await apis.clusterFor({ namespace: "garden-demo", name: "web" });
    const other = await apis.clusterFor({ namespace: "garden-demo", name: "db" });
    expect(again.access.server).to.equal(cluster.access.server);
    expect(other.access.server).not.to.equal(cluster.access.server);
  });

  it("reports the version of the control plane", async () => {
    const client = await viewer();
    expect((await client.get("/version")).gitVersion).to.equal("v1.33.4");
    await cluster.setVersion("1.34.3");
    expect(await client.get("/version")).to.include({ gitVersion: "v1.34.3", major: "1", minor: "34" });
  });

  it("refuses clients without a certificate, or with one of another Shoot", async () => {
    const { server, ca } = cluster.access;
    const nobody = connect({ url: server, ca });
    clients.push(nobody);
    expect(await refused(nobody.get("/version"))).to.equal(401);
    const other = await apis.clusterFor({ namespace: "garden-demo", name: "db" });
    const foreigner = await clientOf("system:masters", other);
    expect(await refused(foreigner.get("/version"))).to.equal(401);
  });

  it("shows its metrics to administrators alone", async () => {
    expect(await refused((await viewer()).get("/metrics"))).to.equal(403);
    await (await admin()).get("/metrics");
  });

  it("allows viewers to read only, admins to read and write", async () => {
    await cluster.createNode(NODE);
    const client = await viewer();
    expect((await client.list("/api/v1/nodes")).items).to.have.length(1);
    expect(await refused(client.delete("/api/v1/nodes/n1"))).to.equal(403);
    await (await admin()).delete("/api/v1/nodes/n1");
    expect((await client.list("/api/v1/nodes")).items).to.deep.equal([]);
  });

  it("announces changes of Nodes from a resource version on", async () => {
    const client = await viewer();
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const event of client.watch("/api/v1/nodes", stop.signal)) {
      if (event.kind === "listed") {
        seen.push(`listed ${String(event.items.length)}`);
        await cluster.createNode(NODE);
        await cluster.updateNode("n1", { ready: true });
        await cluster.deleteNode("n1");
      } else {
        seen.push(`${event.kind} ${textAt(event.object, "status", "conditions", 0, "status")}`);
        if (event.kind === "deleted") stop.abort();
      }
    }
    expect(seen).to.deep.equal(["listed 0", "added False", "modified True", "deleted True"]);
  });

  it("reports a resource version that is too old to resume from", async () => {
    await cluster.createNode(NODE);
    for (let times = 0; times < 1100; times++) await cluster.updateNode("n1", { ready: times % 2 === 0 });
    const client = await viewer();
    const old = await client.get("/api/v1/nodes?watch=1&resourceVersion=2&timeoutSeconds=1");
    expect(old).to.have.nested.property("object.code", 410);
  });

  it("selects Nodes by label", async () => {
    await cluster.createNode(NODE);
    await cluster.createNode({ ...NODE, name: "n2", labels: { "worker.gardener.cloud/pool": "gpu" } });
    const found = await (
      await viewer()
    ).list("/api/v1/nodes?labelSelector=worker.gardener.cloud%2Fpool%3Dgpu");
    expect(found.items.map((node) => at(node, "metadata", "name"))).to.deep.equal(["n2"]);
  });

  it("keeps ConfigMaps and Namespaces", async () => {
    const client = await admin();
    await client.create("/api/v1/namespaces/default/configmaps", {
      metadata: { name: "c" },
      data: { a: "1" },
    });
    const changed = await client.patch("/api/v1/namespaces/default/configmaps/c", "merge", {
      data: { b: "2" },
    });
    expect(changed.data).to.deep.equal({ a: "1", b: "2" });
    const again = client.create("/api/v1/namespaces/default/configmaps", { metadata: { name: "c" } });
    expect(await refused(again)).to.equal(409);
  });

  it("is not there while the Shoot is hibernated", async () => {
    const client = await viewer();
    await cluster.setHibernated(true);
    expect(await refused(client.get("/version"))).to.equal(503);
    await cluster.setHibernated(false);
    await client.get("/version");
  });

  it("can be written to as any Kubernetes API server can", async () => {
    const remote = kubeCluster(await admin());
    await remote.createNode(NODE);
    await remote.updateNode("n1", { ready: true, unschedulable: true, labels: { extra: "yes" } });
    const [node] = await remote.listNodes();
    expect(node).to.include({ name: "n1", ready: true, unschedulable: true, kubeletVersion: "v1.33.4" });
    expect(node?.labels).to.deep.equal({ "worker.gardener.cloud/pool": "pool-a", extra: "yes" });
    expect(await remote.version()).to.equal("1.33.4");
    await remote.deleteNode("n1");
    await remote.deleteNode("n1");
    expect(await remote.listNodes()).to.deep.equal([]);
  });
});
