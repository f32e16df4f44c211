import { expect } from "chai";
import { createGardenerGarden } from "../../../provider/garden/gardener";
import { cacheReads, type CachedGarden } from "../../../provider/garden/shared-reads";
import { events, json, startApiServer, status, type ApiServer } from "./support/api-server";
import { failureOf } from "./support/failures";
import { listOf, shootObject, shootPath, shootsPath, web } from "./support/fixtures";
import { connectWith } from "./support/kubeconfigs";

describe("reads that are shared", () => {
  let server: ApiServer;
  let garden: CachedGarden;
  let now: number;

  beforeEach(async () => {
    server = await startApiServer();
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`PATCH ${shootPath}`, status(409, "Conflict", "moved"));
    now = 1_000_000;
    const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
    garden = cacheReads(createGardenerGarden(await connectWith({ server: server.url })), clock, 5_000);
  });
  afterEach(() => server.close());

  it("are one request for calls at the same time and shortly after", async () => {
    const [one, two] = await Promise.all([garden.getShoot(web), garden.getShoot(web)]);
    now += 4_999;
    expect(await garden.getShoot(web)).to.equal(one);
    expect(two).to.equal(one);
    expect(server.requests).to.have.length(1);
  });

  it("are made anew after their time", async () => {
    await garden.getShoot(web);
    now += 5_000;
    await garden.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("are made anew after a write, whatever became of it", async () => {
    await garden.getShoot(web);
    await garden.apply({
      shoot: web,
      uid: "u",
      resourceVersion: "1",
      kubernetesVersion: "1.34.3",
      workers: [],
    });
    await garden.getShoot(web);
    expect(server.calls()).to.deep.equal([`GET ${shootPath}`, `PATCH ${shootPath}`, `GET ${shootPath}`]);
  });

  it("are made anew for whoever asks for what is so now", async () => {
    await garden.getShoot(web);
    garden.invalidate(web);
    await garden.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("are made anew after news of the watch", async () => {
    server.on(`GET ${shootsPath}`, ({ query }, response) =>
      (query["watch"] === "true" ? events() : json(listOf([shootObject()])))(
        { method: "GET", path: shootsPath, query, headers: {}, body: "" },
        response,
      ),
    );
    await garden.getShoot(web);
    for await (const event of garden.watchShoot(web, new AbortController().signal)) {
      expect(event.kind).to.equal("seen");
      break;
    }
    await garden.getShoot(web);
    expect(server.calls().filter((call) => call === `GET ${shootPath}`)).to.have.length(2);
  });

  it("do not share a failure with whoever asks later", async () => {
    server.on(`GET ${shootPath}`, status(500, "", "down"), json(shootObject()));
    await failureOf(garden.getShoot(web), "GU013");
    expect((await garden.getShoot(web)).ref).to.deep.equal(web);
  });

  it("are made anew after the garden's own gate has changed the cluster", async () => {
    const readiness = { outcome: "ready", details: [] } as const;
    const gate = {
      check: async () => readiness,
      prepare: async () => readiness,
      revert: async () => readiness,
    };
    const inner = createGardenerGarden(await connectWith({ server: server.url }));
    const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
    const shared = cacheReads({ ...inner, preparation: gate }, clock, 5_000);
    await shared.getShoot(web);
    await shared.preparation?.check(web, "1.34.3");
    await shared.getShoot(web);
    expect(server.requests).to.have.length(1);
    expect(await shared.preparation?.prepare(web, "1.34.3")).to.equal(readiness);
    await shared.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("have no gate where the garden keeps none", () => {
    expect(garden).not.to.have.property("preparation");
  });

  it("are shared for profiles by name, and for places by reference", async () => {
    const core = "/apis/core.gardener.cloud/v1beta1";
    server.on(`GET ${core}/cloudprofiles/local`, json({ spec: { type: "local" } }));
    server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "garden-demo" } }));
    const shoot = await garden.getShoot(web);
    await garden.getCloudProfile(shoot);
    await garden.getCloudProfile(shoot);
    await garden.locate({ kind: "project", project: "demo", name: "web" });
    await garden.locate({ kind: "project", project: "demo", name: "web" });
    expect(server.requests).to.have.length(3);
  });
});
