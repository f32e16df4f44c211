import { expect } from "chai";
import { cacheReads, type CachedGarden } from "../../../provider/garden/gardens";
import type { Garden } from "../../../provider/garden/garden";
import { events, json, status } from "./support/api-server";
import { apiServerPerTest, gardenAt } from "./support/perTest";
import { failureOf } from "./support/failures";
import { listOf, shootObject, shootPath, shootsPath, web } from "./support/fixtures";

describe("shared reads of a garden", () => {
  const server = apiServerPerTest();
  let inner: Garden;
  let garden: CachedGarden;
  let now: number;

  beforeEach(async () => {
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`PATCH ${shootPath}`, status(409, "Conflict", "moved"));
    now = 1_000_000;
    inner = await gardenAt({ server: server.url });
    garden = cacheReads(inner, clock, 5_000);
  });

  const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };

  it("leave all other members of the garden as they are, those of a later version too", () => {
    const later = { ...inner, another: () => "of a later version" };
    const members = Object.entries(cacheReads(later, clock, 5_000));
    const cached = ["locate", "getShoot", "getCloudProfile", "openCluster", "dryRun", "apply", "watchShoot"];
    for (const member of Object.entries(later).filter(([name]) => !cached.includes(name))) {
      expect(members).to.deep.include(member);
    }
  });

  it("are one request for calls at the same time and shortly after", async () => {
    const [one, two] = await Promise.all([garden.getShoot(web), garden.getShoot(web)]);
    now += 4_999;
    expect(await garden.getShoot(web)).to.equal(one);
    expect(two).to.equal(one);
    expect(server.requests).to.have.length(1);
  });

  it("are through one kubeconfig of the Shoot where they are side by side, and through another one later", async () => {
    const shoot = await garden.getShoot(web);
    let opened = 0;
    const cluster = { ...inner, openCluster: () => (opened++, Promise.resolve(undefined)) };
    const shared = cacheReads(cluster, clock, 5_000);
    await Promise.all([shared.openCluster(shoot), shared.openCluster(shoot, "viewer")]);
    expect(opened).to.equal(1);
    await shared.openCluster(shoot);
    expect(opened).to.equal(2);
    await Promise.all([shared.openCluster(shoot), shared.openCluster(shoot, "admin")]);
    expect(opened).to.equal(4);
  });

  it("are sent again once they are too old", async () => {
    await garden.getShoot(web);
    now += 5_000;
    await garden.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("are sent again after a write, whatever its result", async () => {
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

  it("are sent again once the Shoot is invalidated", async () => {
    await garden.getShoot(web);
    garden.invalidate(web);
    await garden.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("are sent again after an event of the watch", async () => {
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

  it("share no failure with later calls", async () => {
    server.on(`GET ${shootPath}`, status(500, "", "down"), json(shootObject()));
    await failureOf(garden.getShoot(web), "GU013");
    expect((await garden.getShoot(web)).ref).to.deep.equal(web);
  });

  it("are sent again after the garden has prepared the cluster for an upgrade", async () => {
    const readiness = { outcome: "ready", details: [] } as const;
    const preparation = {
      check: async () => readiness,
      prepare: async () => readiness,
      revert: async () => readiness,
    };
    const shared = cacheReads({ ...inner, preparation }, clock, 5_000);
    await shared.getShoot(web);
    await shared.preparation?.check(web, "1.34.3");
    await shared.getShoot(web);
    expect(server.requests).to.have.length(1);
    expect(await shared.preparation?.prepare(web, "1.34.3")).to.equal(readiness);
    await shared.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("have no upgrade preparation where the garden has none", () => {
    expect(garden).not.to.have.property("preparation");
  });

  it("are started before they are requested where they are expected", async () => {
    const core = "/apis/core.gardener.cloud/v1beta1";
    server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "garden-demo" } }));
    server.on(`GET ${core}/cloudprofiles/local`, json({ spec: { type: "local" } }));
    server.on(`GET ${shootsPath}`, json(listOf([shootObject()])));
    const shared = cacheReads(inner, clock, 5_000);
    shared.expectReads({
      references: [{ kind: "project", project: "demo", name: "web" }],
      namespaces: [{ namespace: "garden-demo", shoots: 10 }],
      cloudProfiles: [{ ref: web, cloudProfile: { kind: "CloudProfile", name: "local" } }],
    });
    const ref = await shared.locate({ kind: "project", project: "demo", name: "web" });
    await shared.getCloudProfile(await shared.getShoot(ref));
    expect([...server.calls()].sort()).to.deep.equal(
      [`GET ${core}/cloudprofiles/local`, `GET ${shootsPath}`, `GET ${core}/projects/demo`].sort(),
    );
  });

  it("that were requested until the first one is complete are announced to the first checks", async () => {
    server.on("GET /apis/core.gardener.cloud/v1beta1/cloudprofiles/local", json({ spec: { type: "local" } }));
    const reference = { kind: "namespace", ...web } as const;
    const shoot = await garden.getShoot(await garden.locate(reference));
    await garden.locate({ ...reference, name: "other" });
    await garden.getCloudProfile(shoot);
    const announced = {
      references: [reference],
      namespaces: [{ namespace: "garden-demo", shoots: 1 }],
      cloudProfiles: [{ ref: web, cloudProfile: shoot.cloudProfile }],
    };
    const taken = Array.from({ length: 34 }, () => garden.takeExpectedReads());
    expect(taken.slice(0, 32)).to.deep.equal(Array.from({ length: 32 }, () => announced));
    expect(taken.slice(32)).to.deep.equal([undefined, undefined]);
  });

  it("are the list of the Shoots of a project before its namespace is known, where many are declared", async () => {
    const core = "/apis/core.gardener.cloud/v1beta1";
    server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "garden-demo" } }));
    server.on(`GET ${shootsPath}`, json(listOf([shootObject()])));
    const reference = { kind: "project", project: "demo", name: "web" } as const;
    garden.expectShoots(reference, 4);
    await garden.getShoot(await garden.locate(reference));
    expect([...server.calls()].sort()).to.deep.equal([`GET ${shootsPath}`, `GET ${core}/projects/demo`]);
  });

  it("are the list of certificate authorities before the Shoots are known, where many are declared", async () => {
    const configMaps = "/api/v1/namespaces/garden-demo/configmaps";
    const authority = { metadata: { name: "web.ca-cluster" }, data: { "ca.crt": "PEM" } };
    server.on(`GET ${configMaps}`, json(listOf([authority])));
    garden.expectClusterAccess?.({ kind: "project", project: "demo", name: "web" }, 4);
    const advertisedAddresses = [{ name: "external", url: "https://web.test" }];
    server.on(`GET ${shootPath}`, json(shootObject({ status: { advertisedAddresses } })));
    const access = await garden.clusterAccess(await garden.getShoot(web));
    expect(access).to.deep.equal({ server: "https://web.test", certificateAuthority: "PEM" });
    expect([...server.calls()].sort()).to.deep.equal([`GET ${configMaps}`, `GET ${shootPath}`]);
  });

  it("are no list of the Shoots of a project where a few are declared", async () => {
    const core = "/apis/core.gardener.cloud/v1beta1";
    server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "garden-demo" } }));
    const reference = { kind: "project", project: "demo", name: "web" } as const;
    garden.expectShoots(reference, 3);
    await garden.getShoot(await garden.locate(reference));
    expect(server.calls()).to.not.include(`GET ${shootsPath}`);
  });

  it("of a project with a namespace of another name are those of that namespace", async () => {
    const core = "/apis/core.gardener.cloud/v1beta1";
    server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "other" } }));
    server.on(`GET ${shootsPath}`, json(listOf([shootObject()])));
    server.on(`GET ${core}/namespaces/other/shoots/web`, json(shootObject({ uid: "of-other" })));
    const reference = { kind: "project", project: "demo", name: "web" } as const;
    garden.expectShoots(reference, 4);
    expect((await garden.getShoot(await garden.locate(reference))).uid).to.equal("of-other");
  });

  it("fail for whoever requests them, not for whoever expects them", async () => {
    const shoot = await garden.getShoot(web);
    const { ref, cloudProfile } = shoot;
    garden.expectReads({ references: [], namespaces: [], cloudProfiles: [{ ref, cloudProfile }] });
    await failureOf(garden.getCloudProfile(shoot), "GU011");
  });

  it("include CloudProfiles by name and namespaces of projects by reference", async () => {
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
