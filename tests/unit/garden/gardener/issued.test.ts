import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { json, startApiServer, type ApiServer } from "../support/api-server";
import { gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { listOf, shootObject, shootPath, web } from "../support/fixtures";
import { createFolder, issued, kubeconfigOf, type Folder } from "../support/kubeconfigs";

type Settings = Readonly<Record<string, unknown>>;

describe("a kubeconfig that a garden issues", () => {
  let server: ApiServer;
  let shootApi: ApiServer;
  let folder: Folder;
  let garden: Garden;

  beforeEach(async () => {
    [server, shootApi, folder] = await Promise.all([startApiServer(), startApiServer(), createFolder()]);
    garden = await gardenAt({ server: server.url }, { retryMs: 1 });
    server.on(`GET ${shootPath}`, json(shootObject()));
    shootApi.on("GET /api/v1/nodes", json(listOf([])));
  });
  afterEach(async () => {
    await Promise.all([server.close(), shootApi.close(), folder.remove()]);
  });

  function issue(kubeconfig: string): void {
    for (const access of ["viewer", "admin"]) {
      server.on(`POST ${shootPath}/${access}kubeconfig`, issued(kubeconfig));
    }
  }

  async function nodes() {
    const cluster = await garden.openCluster(await garden.getShoot(web));
    return cluster?.nodes();
  }

  it("runs no command", async () => {
    const mark = join(folder.path, "mark");
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "touch", args: [mark] };
    issue(await kubeconfigOf({ server: shootApi.url, user: { exec } }));
    expect((await failureOf(nodes(), "GU013")).message).to.contain("user.exec");
    expect(existsSync(mark)).to.equal(false);
  });

  it("reads no file, and sends none", async () => {
    const tokenFile = await folder.write("secret", "s3cr3t");
    issue(await kubeconfigOf({ server: shootApi.url, user: { tokenFile } }));
    expect((await failureOf(nodes(), "GU013")).message)
      .to.contain("user.tokenFile")
      .and.not.contain(folder.path);
    expect(shootApi.requests).to.be.empty;
  });

  const forms: readonly (readonly [string, { user?: Settings; cluster?: Settings }])[] = [
    ["a command", { user: { exec: { command: "sh" } } }],
    ["an auth provider", { user: { "auth-provider": { name: "gcp" } } }],
    ["a token's file", { user: { token: "t", tokenFile: "/etc/passwd" } }],
    ["a certificate's and a key's file", { user: { "client-certificate": "/a", "client-key": "/b" } }],
    ["an authority's file", { cluster: { "certificate-authority": "/etc/passwd" } }],
    ["a server that is not verified", { cluster: { "insecure-skip-tls-verify": true } }],
    ["a setting that is not known", { user: { token: "t", plugin: "sh" } }],
  ];
  for (const [what, parts] of forms) {
    it(`is refused where it names ${what}`, async () => {
      issue(await kubeconfigOf({ server: shootApi.url, ...parts }));
      await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
    });
  }

  it("is refused where a context that is not the current one does so", async () => {
    const config: unknown = JSON.parse(await kubeconfigOf({ server: shootApi.url }));
    const user = { exec: { command: "sh" } };
    const both = (config: unknown): object => (typeof config === "object" && config !== null ? config : {});
    const users = [
      { name: "jane", user: { token: "t" } },
      { name: "other", user },
    ];
    issue(JSON.stringify({ ...both(config), users }));
    await failureOf(garden.requestKubeconfig(web, "admin", 3600), "GU013");
  });

  it("is returned unchanged where all of it is inline", async () => {
    const kubeconfig = await kubeconfigOf({ server: shootApi.url });
    issue(kubeconfig);
    expect((await garden.requestKubeconfig(web, "admin", 3600)).kubeconfig).to.equal(kubeconfig);
  });
});
