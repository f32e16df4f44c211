import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { json, type ApiServer } from "../support/api-server";
import { failureOf } from "../support/failures";
import {
  cleuraScene,
  notFound,
  profileObject,
  profilesPath,
  refusal,
  shootObject,
  shootPath,
  shootsPath,
  web,
  type CleuraScene,
} from "./scene";

describe("reads of Cleura's API", () => {
  let scene: CleuraScene;
  let server: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    scene = await cleuraScene();
    ({ server, garden } = scene);
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`GET ${shootsPath}/api`, json(shootObject({ name: "api" })));
    server.on(`GET ${shootsPath}`, json([shootObject(), shootObject({ name: "api" })]));
    server.on(`GET ${profilesPath}`, json([profileObject({ name: "other" }), profileObject()]));
  });
  afterEach(() => scene.close());

  describe("of a Shoot's namespace", () => {
    it("return that of the Shoot with that name", async () => {
      expect(await garden.locate({ kind: "name", name: "web" })).to.deep.equal(web);
    });

    for (const [what, reference] of [
      ["its namespace", { kind: "namespace", ...web }],
      ["the project that its namespace is named after", { kind: "project", project: "pabc12", name: "web" }],
      ["the id of the OpenStack project", { kind: "project", project: "0123abcd", name: "web" }],
    ] as const) {
      it(`accept ${what} as well`, async () => {
        expect(await garden.locate(reference)).to.deep.equal(web);
      });
    }

    for (const [what, reference] of [
      ["namespace garden-other", { kind: "namespace", namespace: "garden-other", name: "web" }],
      ["project other", { kind: "project", project: "other", name: "web" }],
    ] as const) {
      it(`refuse ${what}, and report what names the project`, async () => {
        const { message } = await failureOf(garden.locate(reference), "GU009");
        expect(message).to.equal(
          `Shoot web is in the namespace garden-pabc12, not in the ${what}. In Cleura Cloud garden.cleura.projectId ` +
            'names the project: shoot: { name: "web" } is enough.',
        );
      });
    }

    it("are one for all Shoots of the project, whatever the first one is", async () => {
      const names = ["wep", "web", "api"];
      const located = await Promise.allSettled(names.map((name) => garden.locate({ kind: "name", name })));
      expect(located.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled", "fulfilled"]);
      expect(await garden.locate({ kind: "name", name: "db" })).to.deep.equal({ ...web, name: "db" });
      expect(server.calls().filter((call) => call.endsWith("/db"))).to.deep.equal([]);
    });

    it("suggest a similar name if there is no such Shoot", async () => {
      const { message } = await failureOf(garden.locate({ kind: "name", name: "wep" }), "GU010");
      expect(message).to.contain("Shoot wep does not exist in project 0123abcd in region Sto2 of ");
      expect(message).to.contain("Did you mean web?");
    });

    it("report an unknown project if its Shoots cannot be listed", async () => {
      server.on(`GET ${shootPath}`, notFound);
      server.on(`GET ${shootsPath}`, notFound);
      const { message } = await failureOf(garden.locate({ kind: "name", name: "web" }), "GU009");
      expect(message).to.contain(
        "has no project 0123abcd in region Sto2. Check region, which is case-sensitive",
      );
    });
  });

  it("return the Shoot without generations", async () => {
    expect(await garden.getShoot(web)).to.include({
      kubernetesVersion: "1.33.4",
      generation: 0,
      observedGeneration: 0,
    });
  });

  it("return the Shoot that was just read for its namespace, once", async () => {
    await garden.getShoot(await garden.locate({ kind: "name", name: "web" }));
    expect(server.requests).to.have.length(1);
    await garden.getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("list the Shoots of the namespace that can be decoded", async () => {
    const shoots = [
      shootObject(),
      shootObject({ name: "api" }),
      shootObject({ name: "new", uid: undefined }),
      shootObject({ name: "other", namespace: "garden-other" }),
    ];
    server.on(`GET ${shootsPath}`, json(shoots));
    const listed = await garden.listShoots?.(web.namespace);
    expect([...(listed?.keys() ?? [])]).to.deep.equal(["web", "api"]);
    expect(listed?.get("web")?.()).to.deep.equal(await garden.getShoot(web));
  });

  it("refuse a list that the user has no right to", async () => {
    server.on(`GET ${shootsPath}`, refusal(403, "You do not have the privilege"));
    await failureOf(garden.listShoots?.(web.namespace) ?? Promise.resolve(), "GU008");
  });

  it("refuse a Shoot of another project", async () => {
    await failureOf(garden.getShoot({ namespace: "garden-other", name: "web" }), "GU009");
  });

  it("name the field that is missing", async () => {
    server.on(`GET ${shootPath}`, json(shootObject({ kubernetes: {} })));
    expect((await failureOf(garden.getShoot(web), "GU013")).message).to.contain(
      "kubernetes.version is missing",
    );
  });

  it("report the message of a failing server", async () => {
    server.on(`GET ${shootPath}`, refusal(500, "the database is down"));
    expect((await failureOf(garden.getShoot(web), "GU013")).message).to.contain("the database is down");
  });

  it("report the missing right", async () => {
    server.on(`GET ${shootPath}`, refusal(403, "You do not have the privilege"));
    expect((await failureOf(garden.getShoot(web), "GU008")).message).to.contain(
      "You do not have the privilege",
    );
  });

  describe("of CloudProfiles", () => {
    it("find the Shoot's own by its name", async () => {
      const profile = await garden.getCloudProfile(await garden.getShoot(web));
      expect(profile).to.include({ name: "cleuracloud", type: "openstack" });
    });

    it("suggest a similar name if there is none", async () => {
      server.on(`GET ${profilesPath}`, json([profileObject({ name: "cleuracloud2" })]));
      const { message } = await failureOf(garden.getCloudProfile(await garden.getShoot(web)), "GU011");
      expect(message).to.contain("Did you mean cleuracloud2?");
    });
  });
});
