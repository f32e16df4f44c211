import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { json, sendJson, startApiServer, testCa, type ApiServer, type Route } from "../support/api-server";
import { failureOf } from "../support/failures";
import { listOf, nodeObject } from "../support/fixtures";
import { base64 } from "../support/kubeconfigs";
import {
  bodies,
  cleuraScene,
  notFound,
  refusal,
  shootObject,
  shootPath,
  shootsPath,
  web,
  type CleuraScene,
} from "./scene";

const mintPath = `${shootPath}/admin-kubeconfig`;

describe("the ways into a Shoot that Cleura knows", () => {
  let scene: CleuraScene;
  let server: ApiServer;
  let inside: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    scene = await cleuraScene();
    inside = await startApiServer();
    ({ server, garden } = scene);
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`POST ${mintPath}`, await minting());
  });
  afterEach(async () => {
    await scene.close();
    await inside.close();
  });

  /** Three contexts, as Cleura's have; the current one leads nowhere. */
  async function kubeconfigWith(user: Readonly<Record<string, unknown>>): Promise<string> {
    const ca = await testCa();
    const cluster = (server: string) => ({
      server,
      "certificate-authority-data": base64(ca.certificate),
    });
    return JSON.stringify({
      "current-context": "garden-demo--web-internal",
      contexts: ["internal", "external"].map((which) => ({
        name: `garden-demo--web-${which}`,
        context: { cluster: which, user: "admin" },
      })),
      clusters: [
        { name: "internal", cluster: cluster("https://127.0.0.1:9") },
        { name: "external", cluster: cluster(inside.url) },
      ],
      users: [{ name: "admin", user }],
    });
  }

  async function minting(user: Readonly<Record<string, unknown>> = { token: "admin-token" }): Promise<Route> {
    const kubeconfig = await kubeconfigWith(user);
    return (_seen, response) => sendJson(response, { kubeconfig, expires_at: "2030-01-01T00:00:00Z" }, 201);
  }

  const shoot = () => garden.getShoot(web);
  const asleep = shootObject({ status: { is_hibernated: true } });

  describe("a kubeconfig for administrators", () => {
    it("is minted for the time that is asked for, and tells its end", async () => {
      const { kubeconfig, expires } = await garden.requestKubeconfig(web, "admin", 3600);
      expect(kubeconfig).to.equal(await kubeconfigWith({ token: "admin-token" }));
      expect(expires).to.deep.equal(new Date("2030-01-01T00:00:00Z"));
      expect(bodies(server, "POST")).to.deep.equal([{ expiration_seconds: 3600 }]);
    });

    it("is minted for ten minutes at least, as Gardener demands", async () => {
      await garden.requestKubeconfig(web, "admin", 60);
      expect(bodies(server, "POST")).to.deep.equal([{ expiration_seconds: 600 }]);
    });

    it("may come as YAML alone, from an older server", async () => {
      const yaml = `# a kubeconfig\n${await kubeconfigWith({ token: "admin-token" })}`;
      server.on(`POST ${mintPath}`, (_seen, response) => {
        response.writeHead(201, { "content-type": "application/yaml" });
        response.end(yaml);
      });
      const { kubeconfig, expires } = await garden.requestKubeconfig(web, "admin", 3600);
      expect(kubeconfig).to.equal(yaml);
      expect(expires.getTime()).to.be.greaterThan(Date.now());
    });

    it("is named in a failure by the field that is missing", async () => {
      server.on(`POST ${mintPath}`, json({ expires_at: "2030-01-01T00:00:00Z" }));
      const { message } = await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
      expect(message).to.equal("The kubeconfig for Shoot web: kubeconfig is missing, expected a text.");
    });

    for (const [what, user] of [
      ["runs a command", { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh" } }],
      ["reads a token's file", { tokenFile: "/etc/passwd" }],
      ["reads a key's file", { "client-certificate": "/a", "client-key": "/b" }],
    ] as const) {
      it(`is refused where it ${what} of this machine`, async () => {
        server.on(`POST ${mintPath}`, await minting(user));
        await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
      });
    }

    it("is refused with the Shoot's name where there is none", async () => {
      server.on(`POST ${mintPath}`, notFound);
      server.on(`GET ${shootsPath}`, json([]));
      await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU010");
    });
  });

  it("are none for viewers, which says what to write", async () => {
    const { message } = await failureOf(garden.requestKubeconfig(web, "viewer", 3600), "GU021");
    expect(message).to.contain('Write access: "admin".');
    expect(server.requests).to.deep.equal([]);
  });

  describe("address and authority of its API", () => {
    it("are those for whoever is outside, without any credentials", async () => {
      expect(await garden.clusterAccess(await shoot())).to.deep.equal({
        server: inside.url,
        certificateAuthority: (await testCa()).certificate,
      });
    });

    it("are not known while the Shoot sleeps", async () => {
      server.on(`GET ${shootPath}`, json(asleep));
      expect(await garden.clusterAccess(await shoot())).to.equal(undefined);
      expect(server.calls()).not.to.contain(`POST ${mintPath}`);
    });
  });

  describe("a look inside", () => {
    beforeEach(() => {
      inside.on("GET /version", json({ gitVersion: "v1.33.4" }));
      inside.on("GET /api/v1/nodes", json(listOf([nodeObject("a")])));
    });

    it("goes through the context for whoever is outside", async () => {
      const cluster = await garden.openCluster(await shoot());
      expect(await cluster?.kubernetesVersion()).to.equal("1.33.4");
      expect((await cluster?.nodes())?.map(({ name }) => name)).to.deep.equal(["a"]);
      expect(inside.requests[0]?.headers.authorization).to.equal("Bearer admin-token");
      expect(inside.requests.map(({ method }) => method)).to.deep.equal(["GET", "GET"]);
    });

    it("is taken with a new kubeconfig when the old one is refused", async () => {
      server.on(`POST ${mintPath}`, await minting(), await minting({ token: "next-token" }));
      inside.on(
        "GET /version",
        (_seen, response) => sendJson(response, {}, 401),
        json({ gitVersion: "v1.34.3" }),
      );
      const cluster = await garden.openCluster(await shoot());
      expect(await cluster?.kubernetesVersion()).to.equal("1.34.3");
      expect(inside.requests.at(-1)?.headers.authorization).to.equal("Bearer next-token");
    });

    it("is not taken while the Shoot sleeps", async () => {
      server.on(`GET ${shootPath}`, json(asleep));
      expect(await garden.openCluster(await shoot())).to.equal(undefined);
      expect(server.calls()).not.to.contain(`POST ${mintPath}`);
    });

    for (const code of [400, 404, 409, 422, 500]) {
      it(`is not taken where there is no kubeconfig to be had: ${code}`, async () => {
        server.on(`POST ${mintPath}`, refusal(code, "not now"));
        expect(await garden.openCluster(await shoot())).to.equal(undefined);
      });
    }

    it("says which right is missing", async () => {
      server.on(`POST ${mintPath}`, refusal(403, "You do not have the privilege"));
      const live = await shoot();
      await failureOf(garden.openCluster(live), "GU008");
    });
  });
});
