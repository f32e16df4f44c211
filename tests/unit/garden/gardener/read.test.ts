import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { forbidden, json, sendJson, status } from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { listOf, shootObject, shootPath, shootsPath, web } from "../support/fixtures";

const core = "/apis/core.gardener.cloud/v1beta1";
const named = (...names: readonly string[]) => listOf(names.map((name) => ({ metadata: { name } })));

describe("reads from a Gardener API server", () => {
  const server = apiServerPerTest();
  let garden: Garden;
  beforeEach(async () => {
    garden = await gardenAt({ server: server.url });
  });

  describe("of a Shoot's namespace", () => {
    const reference = { kind: "project", project: "demo", name: "web" } as const;

    it("take a given namespace without a request", async () => {
      expect(await garden.locate({ kind: "namespace", namespace: "garden-x", name: "web" })).to.deep.equal({
        namespace: "garden-x",
        name: "web",
      });
      expect(server.requests).to.be.empty;
    });

    it("read the namespace of a project", async () => {
      server.on(`GET ${core}/projects/demo`, json({ spec: { namespace: "garden-other" } }));
      expect(await garden.locate(reference)).to.deep.equal({ namespace: "garden-other", name: "web" });
    });

    it("take garden-<project> where the project may not be read", async () => {
      server.on(`GET ${core}/projects/demo`, forbidden("get", "projects", "at the cluster scope"));
      expect(await garden.locate(reference)).to.deep.equal(web);
    });

    it("suggest a similar name for an unknown project", async () => {
      server.on(`GET ${core}/projects`, json(named("prod", "demo2")));
      expect((await failureOf(garden.locate(reference), "GU009")).message).to.contain("Did you mean demo2?");
    });

    it("suggest nothing where projects may not be listed", async () => {
      server.on(`GET ${core}/projects`, forbidden("list", "projects", "at the cluster scope"));
      expect((await failureOf(garden.locate(reference), "GU009")).message).to.contain("has no project demo.");
    });
  });

  it("of a list of Shoots are of 250 at most each, for the sake of the event loop", async () => {
    server.on(`GET ${shootsPath}`, ({ query }, response) => {
      const page = query["continue"] ?? "first";
      const metadata = page === "first" ? { continue: "second" } : {};
      sendJson(response, { metadata, items: [{ metadata: { name: page } }] });
    });
    const shoots = await garden.listShoots?.(web.namespace);
    expect([...(shoots?.keys() ?? [])]).to.deep.equal(["first", "second"]);
    expect(server.requests.map(({ query }) => query["limit"])).to.deep.equal(["250", "250"]);
  });

  describe("of an unknown Shoot", () => {
    it("suggest a similar name", async () => {
      server.on(`GET ${shootsPath}`, json(named("wep", "database")));
      expect((await failureOf(garden.getShoot(web), "GU010")).message)
        .to.contain("Shoot garden-demo/web does not exist")
        .and.contain("Did you mean wep?");
    });

    it("list the existing Shoots where none is similar", async () => {
      server.on(`GET ${shootsPath}`, json(named("mail", "database")));
      expect((await failureOf(garden.getShoot(web), "GU010")).message).to.contain(
        "There are: database, mail.",
      );
    });

    it("report an unknown namespace, with a similar one of a project", async () => {
      server.on(`GET ${shootsPath}`, json(named()));
      server.on("GET /api/v1/namespaces/garden-demo", status(404, "NotFound", "not found"));
      server.on(`GET ${core}/projects`, json(named("demos")));
      expect((await failureOf(garden.getShoot(web), "GU009")).message)
        .to.contain("no namespace garden-demo")
        .and.contain("Did you mean garden-demos?");
    });

    it("report a namespace without Shoots", async () => {
      server.on(`GET ${shootsPath}`, json(named()));
      server.on("GET /api/v1/namespaces/garden-demo", json({ metadata: { name: "garden-demo" } }));
      expect((await failureOf(garden.getShoot(web), "GU010")).message).to.contain(
        "no Shoot in this namespace",
      );
    });

    it("suggest nothing where nothing may be listed", async () => {
      server.on(`GET ${shootsPath}`, forbidden("list", "shoots"));
      server.on("GET /api/v1/namespaces/garden-demo", forbidden("get", "namespaces"));
      const { message } = await failureOf(garden.getShoot(web), "GU010");
      expect(message).to.match(/does not exist in the garden https:\S+\.$/);
    });
  });

  it("explain a refusal in a namespace that has the name of a project", async () => {
    const ref = { namespace: "demo", name: "web" };
    server.on(
      `GET ${core}/namespaces/demo/shoots/web`,
      forbidden("get", "shoots", 'in the namespace "demo"'),
    );
    expect((await failureOf(garden.getShoot(ref), "GU008")).message).to.contain("garden-<project>");
  });

  it("report missing credentials where the garden sees an anonymous user", async () => {
    const words = 'shoots is forbidden: User "system:anonymous" cannot get resource "shoots"';
    server.on(`GET ${shootPath}`, status(403, "Forbidden", words));
    expect((await failureOf(garden.getShoot(web), "GU008")).message).to.contain("holds no credentials");
  });

  it("encode names in the path", async () => {
    await failureOf(garden.getShoot({ namespace: "a/../b", name: "c?d" }));
    expect(server.calls()[0]).to.equal(`GET ${core}/namespaces/a%2F..%2Fb/shoots/c%3Fd`);
  });

  describe("of a CloudProfile", () => {
    const profile = { type: "local", kubernetes: { versions: [{ version: "1.34.3" }] } };

    async function shootWith(cloudProfile: unknown) {
      const object = shootObject();
      server.on(`GET ${shootPath}`, json({ ...object, spec: { ...object.spec, cloudProfile } }));
      return garden.getShoot(web);
    }

    it("take the cluster-scoped one", async () => {
      const shoot = await shootWith({ kind: "CloudProfile", name: "local" });
      server.on(`GET ${core}/cloudprofiles/local`, json({ spec: profile }));
      expect(
        (await garden.getCloudProfile(shoot)).kubernetesVersions.map(({ version }) => version),
      ).to.deep.equal(["1.34.3"]);
    });

    it("take the rendered NamespacedCloudProfile of the project", async () => {
      const shoot = await shootWith({ kind: "NamespacedCloudProfile", name: "own" });
      server.on(
        `GET ${core}/namespaces/garden-demo/namespacedcloudprofiles/own`,
        json({ spec: {}, status: { cloudProfileSpec: profile } }),
      );
      expect((await garden.getCloudProfile(shoot)).name).to.equal("own");
    });

    it("report an unknown one with the Shoot and a similar name", async () => {
      const shoot = await shootWith({ kind: "CloudProfile", name: "lokal" });
      server.on(`GET ${core}/cloudprofiles`, json(named("local")));
      expect((await failureOf(garden.getCloudProfile(shoot), "GU011")).message)
        .to.contain("Shoot garden-demo/web")
        .and.contain("Did you mean local?");
    });
  });
});
