import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Garden, ShootCluster } from "../../../../provider/garden/garden";
import {
  dropConnection,
  forbidden,
  json,
  sendJson,
  startApiServer,
  status,
  type ApiServer,
} from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { shootObject, shootPath, web } from "../support/fixtures";
import { issued, kubeconfigOf } from "../support/kubeconfigs";

const pods = { path: "/api/v1/pods", resource: "pods" };

describe("lists of a Shoot's objects", () => {
  const server = apiServerPerTest();
  let inside: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    inside = await startApiServer();
    garden = await gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1 });
    server.on(`GET ${shootPath}`, json(shootObject({ status: {} })));
    for (const access of ["viewer", "admin"]) {
      const kubeconfig = await kubeconfigOf({ server: inside.url, user: { token: access } });
      server.on(`POST ${shootPath}/${access}kubeconfig`, issued(kubeconfig));
    }
  });
  afterEach(() => inside.close());

  async function open(access?: "admin"): Promise<ShootCluster> {
    const cluster = await garden.openCluster(await garden.getShoot(web), access);
    if (cluster === undefined) throw new Error("Not opened");
    return cluster;
  }

  const list = async (request = pods, signal = AbortSignal.timeout(10_000)) =>
    (await open()).list(request, signal);

  it("are read over all pages", async () => {
    inside.on("GET /api/v1/pods", ({ query }, response) => {
      const page = query["continue"];
      const metadata = page === undefined ? { continue: "second" } : {};
      sendJson(response, { metadata, items: [{ page: page ?? "first" }] });
    });
    expect(await list()).to.deep.equal({ kind: "listed", items: [{ page: "first" }, { page: "second" }] });
  });

  describe("of which a page is gone when it is requested", () => {
    const gone = status(410, "Expired", "The provided continue parameter is too old");
    const firstPage = json({ metadata: { continue: "second" }, items: [{ page: "first" }] });

    it("are read once more from the start", async () => {
      inside.on("GET /api/v1/pods", firstPage, gone, firstPage, json({ items: [{ page: "second" }] }));
      expect(await list()).to.deep.equal({ kind: "listed", items: [{ page: "first" }, { page: "second" }] });
    });

    it("are not visible where that happens again", async () => {
      inside.on("GET /api/v1/pods", firstPage, gone, firstPage, gone);
      expect(await list()).to.deep.equal({
        kind: "notVisible",
        reason: "the API server answered 410 to list pods: The provided continue parameter is too old",
      });
    });
  });

  it("are not visible, and not empty, where the answer is no list", async () => {
    for (const body of [
      {},
      [],
      null,
      "page",
      { items: {} },
      { items: null },
      { kind: "Status", items: null },
    ]) {
      inside.on("GET /api/v1/pods", json(body));
      expect((await list()).kind, JSON.stringify(body)).to.equal("notVisible");
    }
    inside.on("GET /api/v1/pods", json({ kind: "PodList", items: null }));
    expect(await list()).to.deep.equal({ kind: "listed", items: [] });
  });

  it("are read compressed", async () => {
    inside.on("GET /api/v1/pods", ({ headers }, response) => {
      expect(headers["accept-encoding"]).to.equal("gzip");
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync(JSON.stringify({ items: [{ name: "ä" }] })));
    });
    expect(await list()).to.deep.equal({ kind: "listed", items: [{ name: "ä" }] });
  });

  it("have the metadata alone where no more is needed", async () => {
    inside.on("GET /api/v1/pods", json({ items: [] }));
    await (await open()).list({ ...pods, metadataOnly: true }, AbortSignal.timeout(10_000));
    expect(inside.requests.at(-1)?.headers.accept).to.contain("as=PartialObjectMetadataList");
  });

  it("are not visible without the right", async () => {
    inside.on("GET /api/v1/pods", forbidden("list", "pods", "at the cluster scope"));
    expect(await list()).to.deep.equal({ kind: "notVisible", reason: "the right to list pods is missing" });
  });

  it("are not served where the API server does not know them", async () => {
    inside.on(
      "GET /api/v1/pods",
      status(404, "NotFound", "the server could not find the requested resource"),
    );
    expect((await list()).kind).to.equal("notServed");
  });

  it("are not visible where the connection breaks, or no answer comes in time", async () => {
    inside.on("GET /api/v1/pods", dropConnection);
    expect((await list()).kind).to.equal("notVisible");
    inside.on("GET /api/v1/pods", () => undefined);
    expect(await list(pods, AbortSignal.timeout(50))).to.deep.equal({
      kind: "notVisible",
      reason: "no answer in time to list pods",
    });
  });

  it("are not visible beyond a number of pages", async () => {
    inside.on("GET /api/v1/pods", json({ metadata: { continue: "more" }, items: [] }));
    expect(await list()).to.deep.equal({ kind: "notVisible", reason: "there are more than 30000 pods" });
  });

  it("are read with an administrator's kubeconfig where that is requested", async () => {
    inside.on("GET /api/v1/pods", json({ items: [] }));
    await (await open("admin")).list(pods, AbortSignal.timeout(10_000));
    expect(inside.requests.at(-1)?.headers.authorization).to.equal("Bearer admin");
  });

  it("have documents beside them, as text where they are not JSON", async () => {
    inside.on("GET /metrics", (_seen, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end("metric 1\n");
    });
    const answer = await (await open()).read("/metrics", AbortSignal.timeout(10_000));
    expect(answer).to.deep.equal({ kind: "read", body: "metric 1\n" });
  });
});
