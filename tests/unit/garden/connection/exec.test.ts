import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { issueClient } from "../../../../sandbox/pki";
import { json, startApiServer, status, testCa } from "../support/api-server";
import { apiServerPerTest, folderPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";

describe("a kubeconfig with an exec plugin", function () {
  this.timeout(10_000);
  const server = apiServerPerTest();
  const folder = folderPerTest();

  beforeEach(async () => {
    server.on(`GET ${shootPath}`, json(shootObject()));
  });

  /** The plugin is this script, run by Node; it counts its runs in a file. */
  async function gardenWith(script: string, exec: Record<string, unknown> = {}) {
    const counted = `require("fs").appendFileSync(${JSON.stringify(`${folder.path}/runs`)}, "x");\n${script}`;
    const file = await folder.write("plugin.js", counted);
    const plugin = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: [file],
      ...exec,
    };
    return await gardenAt({ server: server.url, user: { exec: plugin } });
  }

  async function runs(): Promise<number> {
    return (await readFile(`${folder.path}/runs`, "utf8")).length;
  }

  const credential = (status: unknown) =>
    `console.log(JSON.stringify({apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: ${JSON.stringify(status)}}))`;

  it("presents the token that it prints, and runs it once for several requests", async () => {
    const garden = await gardenWith(credential({ token: "from-plugin" }));
    await Promise.all([garden.getShoot(web), garden.getShoot(web)]);
    await garden.getShoot(web);
    expect(server.requests.map(({ headers }) => headers.authorization)).to.deep.equal(
      Array(3).fill("Bearer from-plugin"),
    );
    expect(await runs()).to.equal(1);
  });

  it("presents the client certificate that it prints", async () => {
    const pair = await issueClient(await testCa(), { commonName: "plugin-user" });
    const garden = await gardenWith(
      credential({ clientCertificateData: pair.certificate, clientKeyData: pair.key }),
    );
    await garden.getShoot(web);
    expect(server.requests[0]?.client).to.equal("plugin-user");
  });

  it("passes the cluster to the plugin, which gardenlogin needs", async () => {
    const script = `require("fs").writeFileSync(${JSON.stringify(`${folder.path}/info`)}, process.env.KUBERNETES_EXEC_INFO);
      ${credential({ token: "t" })}`;
    await (await gardenWith(script, { provideClusterInfo: true })).getShoot(web);
    const info: unknown = JSON.parse(await readFile(`${folder.path}/info`, "utf8"));
    expect(info).to.have.nested.property("spec.cluster.server", server.url);
    expect(info).to.have.nested.property("spec.interactive", false);
  });

  it("runs again for a new token when the garden refuses the first one", async () => {
    server.on(`GET ${shootPath}`, status(401, "Unauthorized", "Unauthorized"), json(shootObject()));
    await (
      await gardenWith(credential({ token: "t", expirationTimestamp: "2099-01-01T00:00:00Z" }))
    ).getShoot(web);
    expect(await runs()).to.equal(2);
  });

  it("runs again only once for requests that were refused together", async () => {
    const refused = status(401, "Unauthorized", "Unauthorized");
    server.on(`GET ${shootPath}`, refused, refused, refused, json(shootObject()));
    const garden = await gardenWith(credential({ token: "t" }));
    await Promise.all([garden.getShoot(web), garden.getShoot(web), garden.getShoot(web)]);
    expect(await runs()).to.equal(2);
  });

  it("names the plugin that failed, without its output", async () => {
    const garden = await gardenWith(`console.error("refresh s3cr3t failed"); process.exit(3)`);
    const { message } = await failureOf(garden.getShoot(web), "GU012");
    expect(message).to.contain(process.execPath).and.not.contain("s3cr3t");
  });

  it("reports that a plugin is not installed", async () => {
    const garden = await gardenWith("", {
      command: "kubectl-no-such-plugin",
      args: ["get-token", "--secret=s3cr3t"],
    });
    const { message } = await failureOf(garden.getShoot(web), "GU012");
    expect(message)
      .to.contain("`kubectl-no-such-plugin get-token` is not installed")
      .and.not.contain("s3cr3t");
  });

  it("reports output that is no ExecCredential, without repeating it", async () => {
    const garden = await gardenWith(`console.log("s3cr3t but no JSON")`);
    const { message } = await failureOf(garden.getShoot(web), "GU012");
    expect(message).to.contain("no ExecCredential").and.not.contain("s3cr3t");
  });

  it("is refused where the plugin needs a terminal", async () => {
    await failureOf(gardenWith("", { interactiveMode: "Always" }), "GU003");
  });
});

describe("a kubeconfig with an auth-provider", function () {
  this.timeout(10_000);

  it("presents its token", async () => {
    const server = await startApiServer();
    server.on(`GET ${shootPath}`, json(shootObject()));
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg: "none" })}.${part({ exp: 4_000_000_000 })}.x`;
    const user = { "auth-provider": { name: "oidc", config: { "id-token": token } } };
    await (await gardenAt({ server: server.url, user })).getShoot(web);
    expect(server.requests[0]?.headers.authorization).to.equal(`Bearer ${token}`);
    await server.close();
  });
});
