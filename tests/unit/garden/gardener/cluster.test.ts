import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import type { Shoot } from "../../../../provider/model/shoot";
import {
  endingEvents,
  events,
  forbidden,
  json,
  startApiServer,
  status,
  type ApiServer,
  type Route,
} from "../support/api-server";
import { collect, failureOf } from "../support/failures";
import { listOf, nodeObject, shootObject, shootPath, web } from "../support/fixtures";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { issued, kubeconfigOf } from "../support/kubeconfigs";

const viewerPath = `${shootPath}/viewerkubeconfig`;
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe("the API of a Shoot", () => {
  const server = apiServerPerTest();
  let inside: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    inside = await startApiServer();
    garden = await gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1 });
    server.on(`POST ${viewerPath}`, await minting("viewer-1", 600));
    inside.on("GET /version", json({ gitVersion: "v1.33.4" }));
    inside.on("GET /api/v1/nodes", json(listOf([nodeObject("b"), nodeObject("a")])));
  });
  afterEach(async () => {
    await inside.close();
  });

  async function minting(token: string, seconds: number): Promise<Route> {
    const kubeconfig = await kubeconfigOf({ server: inside.url, user: { token } });
    return issued(kubeconfig, later(seconds));
  }

  async function shootWith(status: object = {}): Promise<Shoot> {
    server.on(`GET ${shootPath}`, json(shootObject({ status })));
    return garden.getShoot(web);
  }

  async function open() {
    const cluster = await garden.openCluster(await shootWith());
    if (cluster === undefined) throw new Error("Not opened");
    return cluster;
  }

  it("is opened with a viewer's kubeconfig of the shortest lifetime", async () => {
    await open();
    expect(JSON.parse(server.requests.at(-1)?.body ?? "")).to.deep.equal({
      apiVersion: "authentication.gardener.cloud/v1alpha1",
      kind: "ViewerKubeconfigRequest",
      spec: { expirationSeconds: 600 },
    });
  });

  it("reports the version of its API server, without the v", async () => {
    expect(await (await open()).kubernetesVersion()).to.equal("1.33.4");
    expect(inside.requests[0]?.headers.authorization).to.equal("Bearer viewer-1");
  });

  it("lists its nodes, only those of worker pools", async () => {
    expect(await (await open()).nodes()).to.deep.equal(
      ["a", "b"].map((name) => ({
        name,
        pool: "pool-a",
        kubeletVersion: "1.33.4",
        osImage: "Garden Linux 1592.10",
        ready: true,
        created: new Date("2026-11-01T00:00:00Z"),
      })),
    );
    expect(inside.requests[0]?.query).to.deep.equal({ labelSelector: "worker.gardener.cloud/pool" });
  });

  it("is called with a new kubeconfig before the old one expires", async () => {
    server.on(`POST ${viewerPath}`, await minting("viewer-1", 60), await minting("viewer-2", 600));
    await (await open()).kubernetesVersion();
    expect(inside.requests[0]?.headers.authorization).to.equal("Bearer viewer-2");
  });

  it("is called with a new kubeconfig when the old one is refused", async () => {
    server.on(`POST ${viewerPath}`, await minting("viewer-1", 600), await minting("viewer-2", 600));
    inside.on("GET /version", status(401, "Unauthorized", ""), json({ gitVersion: "v1.34.3" }));
    expect(await (await open()).kubernetesVersion()).to.equal("1.34.3");
    expect(inside.requests.at(-1)?.headers.authorization).to.equal("Bearer viewer-2");
  });

  it("is reported with the Shoot where it cannot be reached", async () => {
    const cluster = await open();
    await inside.close();
    expect((await failureOf(cluster.kubernetesVersion(), "GU005")).message).to.contain(
      "Shoot garden-demo/web",
    );
  });

  for (const [why, answer] of [
    ["the garden has no such subresource", status(404, "NotFound", "")],
    ["no address is suitable", status(422, "Invalid", "no suitable advertised address")],
    ["its CA does not exist yet", status(500, "InternalError", "could not get client CA secret")],
  ] as const) {
    it(`is a failure that is reported, not a missing API, where ${why}`, async () => {
      server.on(`POST ${viewerPath}`, answer);
      await failureOf(garden.openCluster(await shootWith()), "GU013");
    });
  }

  it("is not opened without the right, which is named", async () => {
    server.on(`POST ${viewerPath}`, forbidden("create", "shoots/viewerkubeconfig"));
    const shoot = await shootWith();
    expect((await failureOf(garden.openCluster(shoot), "GU008")).message).to.contain(
      "the right to create shoots/viewerkubeconfig in the namespace garden-demo is missing",
    );
  });

  it("is not requested while the Shoot is hibernated or has no address", async () => {
    expect(await garden.openCluster(await shootWith({ hibernated: true }))).to.equal(undefined);
    expect(await garden.openCluster(await shootWith({ advertisedAddresses: [] }))).to.equal(undefined);
    expect(server.calls()).not.to.contain(`POST ${viewerPath}`);
  });

  it("reports all nodes at each change, over lost connections, and nothing where none changed", async () => {
    const node = (type: string, ...given: Parameters<typeof nodeObject>) => ({
      type,
      object: nodeObject(...given),
    });
    const lists: Route[] = [json(listOf([nodeObject("a")], "10"))];
    const watches: Route[] = [
      endingEvents(
        node("MODIFIED", "a", { resourceVersion: "11" }),
        node("ADDED", "b", { resourceVersion: "12", ready: "False" }),
      ),
      events(node("DELETED", "a", { resourceVersion: "13" })),
    ];
    inside.on("GET /api/v1/nodes", (seen, response) =>
      (seen.query["watch"] === "true" ? watches.shift() : lists.shift())?.(seen, response),
    );
    const controller = new AbortController();
    const seen = await collect((await open()).watchNodes(controller.signal), (all) => all.length === 3);
    controller.abort();
    expect(
      seen.map((nodes) => nodes.map(({ name, ready }) => `${name} ${ready ? "ready" : "not ready"}`)),
    ).to.deep.equal([["a ready"], ["a ready", "b not ready"], ["b not ready"]]);
  });
});

describe("address and credentials of a Shoot", () => {
  const server = apiServerPerTest();
  let garden: Garden;
  const caPath = "/api/v1/namespaces/garden-demo/configmaps/web.ca-cluster";

  beforeEach(async () => {
    garden = await gardenAt({ server: server.url });
  });

  async function accessWith(advertisedAddresses: unknown) {
    server.on(`GET ${shootPath}`, json(shootObject({ status: { advertisedAddresses } })));
    return garden.clusterAccess(await garden.getShoot(web));
  }

  it("are its external address and its own CA", async () => {
    server.on(`GET ${caPath}`, json({ data: { "ca.crt": "PEM" } }));
    const addresses = [
      { name: "internal", url: "https://internal.test" },
      { name: "external", url: "https://external.test" },
    ];
    expect(await accessWith(addresses)).to.deep.equal({
      server: "https://external.test",
      certificateAuthority: "PEM",
    });
  });

  it("are its first address where it has no external one, but never the issuer of its service accounts", async () => {
    server.on(`GET ${caPath}`, json({ data: { "ca.crt": "PEM" } }));
    const addresses = [
      { name: "service-account-issuer", url: "https://issuer.test" },
      { name: "internal", url: "https://internal.test" },
    ];
    expect((await accessWith(addresses))?.server).to.equal("https://internal.test");
  });

  const external = [{ name: "external", url: "https://external.test" }];

  it("are unknown without an address, and while its CA does not exist", async () => {
    expect(await accessWith([])).to.equal(undefined);
    expect(await accessWith(external)).to.equal(undefined);
  });

  it("need the right to read its CA, which is named", async () => {
    server.on(`GET ${caPath}`, forbidden("get", "configmaps"));
    expect((await failureOf(accessWith(external), "GU008")).message).to.contain(
      "the right to get configmaps in the namespace garden-demo is missing",
    );
  });

  it("are a kubeconfig that Gardener issues, with the expiry that Gardener reports", async () => {
    const kubeconfig = await kubeconfigOf({ server: "https://external.test" });
    server.on(`POST ${shootPath}/adminkubeconfig`, issued(kubeconfig, "2026-11-23T06:00:00Z"));
    expect(await garden.requestKubeconfig(web, "admin", 3600)).to.deep.equal({
      kubeconfig,
      expires: new Date("2026-11-23T06:00:00Z"),
    });
    expect(JSON.parse(server.requests[0]?.body ?? "")).to.deep.include({
      kind: "AdminKubeconfigRequest",
      spec: { expirationSeconds: 3600 },
    });
  });

  it("need the right to create them, which is named", async () => {
    server.on(`POST ${shootPath}/adminkubeconfig`, forbidden("create", "shoots/adminkubeconfig"));
    expect((await failureOf(garden.requestKubeconfig(web, "admin", 600), "GU008")).message).to.contain(
      "the right to create shoots/adminkubeconfig in the namespace garden-demo is missing",
    );
  });
});
