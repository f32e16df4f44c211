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
  operationObject,
  refusal,
  shootObject,
  shootPath,
  shootsPath,
  web,
  type CleuraScene,
} from "./scene";

const oldKubeconfigPath = `${shootPath}/admin-kubeconfig`;
const kubeconfigPath = oldKubeconfigPath.replace("/v2/", "/v3/");

describe("access to a Shoot through Cleura's API", () => {
  let scene: CleuraScene;
  let server: ApiServer;
  let inside: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    scene = await cleuraScene();
    inside = await startApiServer();
    ({ server, garden } = scene);
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`POST ${kubeconfigPath}`, await issuing());
  });
  afterEach(async () => {
    await scene.close();
    await inside.close();
  });

  /** Three contexts, as Cleura's have; the current one has no reachable server. */
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

  async function issuing(user: Readonly<Record<string, unknown>> = { token: "admin-token" }): Promise<Route> {
    const kubeconfig = await kubeconfigWith(user);
    return (_seen, response) => sendJson(response, { kubeconfig, expires_at: "2030-01-01T00:00:00Z" }, 201);
  }

  const shoot = () => garden.getShoot(web);
  const asleep = shootObject({ status: { is_hibernated: true } });

  describe("a kubeconfig for administrators", () => {
    it("is issued for the requested time, with its expiry", async () => {
      const { kubeconfig, expires } = await garden.requestKubeconfig(web, "admin", 3600);
      expect(kubeconfig).to.equal(await kubeconfigWith({ token: "admin-token" }));
      expect(expires).to.deep.equal(new Date("2030-01-01T00:00:00Z"));
      expect(bodies(server, "POST")).to.deep.equal([{ expiration_seconds: 3600 }]);
    });

    it("is issued for ten minutes at least, as Gardener requires", async () => {
      await garden.requestKubeconfig(web, "admin", 60);
      expect(bodies(server, "POST")).to.deep.equal([{ expiration_seconds: 600 }]);
    });

    it("is requested from version 3 of the API only, if the server has it", async () => {
      await garden.requestKubeconfig(web, "admin", 3600);
      expect(server.calls()).to.deep.equal([`POST ${kubeconfigPath}`]);
    });

    it("is YAML of the type text/html from a server that has version 2 only", async () => {
      const yaml = `# a kubeconfig\n${await kubeconfigWith({ token: "admin-token" })}`;
      server.on(`POST ${kubeconfigPath}`, notFound);
      server.on(`POST ${oldKubeconfigPath}`, (_seen, response) => {
        response.writeHead(201, { "content-type": "text/html; charset=UTF-8" });
        response.end(yaml);
      });
      const { kubeconfig, expires } = await garden.requestKubeconfig(web, "admin", 3600);
      expect(kubeconfig).to.equal(yaml);
      expect(expires.getTime()).to.be.greaterThan(Date.now());
    });

    it("is never the HTML page of a gateway", async () => {
      server.on(`POST ${kubeconfigPath}`, notFound);
      server.on(`POST ${oldKubeconfigPath}`, (_seen, response) => void response.end("<html></html>"));
      const { message } = await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
      expect(message).to.contain("found an HTML page");
    });

    it("is named in a failure by the field that is missing", async () => {
      server.on(`POST ${kubeconfigPath}`, json({ expires_at: "2030-01-01T00:00:00Z" }));
      const { message } = await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
      expect(message).to.equal("The kubeconfig for Shoot web: kubeconfig is missing, expected a text.");
    });

    for (const [what, user] of [
      ["runs a command", { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh" } }],
      ["reads a token's file", { tokenFile: "/etc/passwd" }],
      ["reads a key's file", { "client-certificate": "/a", "client-key": "/b" }],
    ] as const) {
      it(`is refused where it ${what} of this machine`, async () => {
        server.on(`POST ${kubeconfigPath}`, await issuing(user));
        await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
      });
    }

    it("is refused with the Shoot's name if there is no such Shoot", async () => {
      server.on(`POST ${kubeconfigPath}`, notFound);
      server.on(`GET ${shootsPath}`, json([]));
      await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU010");
    });
  });

  it("is not issued for viewers, with the allowed value in the message", async () => {
    const { message } = await failureOf(garden.requestKubeconfig(web, "viewer", 3600), "GU021");
    expect(message).to.contain('Write access: "admin".');
    expect(server.requests).to.deep.equal([]);
  });

  describe("address and authority of its API", () => {
    it("are those for external clients, without credentials", async () => {
      expect(await garden.clusterAccess(await shoot())).to.deep.equal({
        server: inside.url,
        certificateAuthority: (await testCa()).certificate,
      });
    });

    it("stay the same while the Shoot is hibernated, if Cleura shows them", async () => {
      server.on(`GET ${shootPath}`, json(asleep));
      expect((await garden.clusterAccess(await shoot()))?.server).to.equal(inside.url);
    });

    it("fail while the Shoot is hibernated and Cleura does not show them", async () => {
      server.on(`GET ${shootPath}`, json(asleep));
      server.on(`POST ${kubeconfigPath}`, refusal(409, "hibernated"));
      const { message } = await failureOf(garden.clusterAccess(await shoot()), "GU013");
      expect(message).to.contain("its address is shown again when it is awake");
    });

    for (const code of [400, 409, 422, 500]) {
      it(`fail after a failed request, which may be temporary: ${code}`, async () => {
        server.on(`POST ${kubeconfigPath}`, refusal(code, "not now"));
        const live = await shoot();
        await failureOf(garden.clusterAccess(live), "GU013");
      });
    }

    for (const [what, operation] of [
      ["is being created", operationObject({ type: "Create", state: "Processing", progress: 7 })],
      ["has no operation yet", undefined],
    ] as const) {
      it(`are none while the Shoot ${what}`, async () => {
        server.on(`GET ${shootPath}`, json(shootObject({ last_operation: operation })));
        server.on(`POST ${kubeconfigPath}`, refusal(500, "no CA"));
        expect(await garden.clusterAccess(await shoot())).to.equal(undefined);
      });
    }
  });

  describe("the nodes of the Shoot", () => {
    beforeEach(() => {
      inside.on("GET /version", json({ gitVersion: "v1.33.4" }));
      inside.on("GET /api/v1/nodes", json(listOf([nodeObject("a")])));
    });

    it("are read through the context for external clients", async () => {
      const cluster = await garden.openCluster(await shoot());
      expect(await cluster?.kubernetesVersion()).to.equal("1.33.4");
      expect((await cluster?.nodes())?.map(({ name }) => name)).to.deep.equal(["a"]);
      expect(inside.requests[0]?.headers.authorization).to.equal("Bearer admin-token");
      expect(inside.requests.map(({ method }) => method)).to.deep.equal(["GET", "GET"]);
    });

    it("are read with a new kubeconfig when the old one is refused", async () => {
      server.on(`POST ${kubeconfigPath}`, await issuing(), await issuing({ token: "next-token" }));
      inside.on(
        "GET /version",
        (_seen, response) => sendJson(response, {}, 401),
        json({ gitVersion: "v1.34.3" }),
      );
      const cluster = await garden.openCluster(await shoot());
      expect(await cluster?.kubernetesVersion()).to.equal("1.34.3");
      expect(inside.requests.at(-1)?.headers.authorization).to.equal("Bearer next-token");
    });

    it("are not read while the Shoot is hibernated", async () => {
      server.on(`GET ${shootPath}`, json(asleep));
      expect(await garden.openCluster(await shoot())).to.equal(undefined);
      expect(server.calls()).not.to.contain(`POST ${kubeconfigPath}`);
    });

    for (const code of [400, 409, 422, 500]) {
      it(`fail if no kubeconfig is issued for now, so that it is tried again: ${code}`, async () => {
        server.on(`POST ${kubeconfigPath}`, refusal(code, "not now"));
        const live = await shoot();
        await failureOf(garden.openCluster(live), "GU013");
      });
    }

    for (const code of [404, 422, 500]) {
      it(`fail, so that it is tried again, if one read shows no last operation: ${code}`, async () => {
        server.on(`GET ${shootPath}`, json(shootObject({ last_operation: null })));
        server.on(`GET ${shootsPath}`, json([shootObject()]));
        server.on(`POST ${oldKubeconfigPath}`, refusal(code, "not now"));
        server.on(`POST ${kubeconfigPath}`, refusal(code, "not now"), await issuing());
        const seen = await shoot();
        await failureOf(garden.openCluster(seen), "GU013");
        expect(await (await garden.openCluster(seen))?.kubernetesVersion()).to.equal("1.33.4");
      });
    }

    it("reports the missing right", async () => {
      server.on(`POST ${kubeconfigPath}`, refusal(403, "You do not have the privilege"));
      const live = await shoot();
      await failureOf(garden.openCluster(live), "GU008");
    });
  });
});
