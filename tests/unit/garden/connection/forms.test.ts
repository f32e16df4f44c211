import { expect } from "chai";
import { issueClient, issueServer } from "../../../../sandbox/pki";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import { openConnection } from "../../../../provider/garden/connection";
import { systemClock } from "../../../../provider/model/clock";
import { json, startApiServer, testCa } from "../support/api-server";
import { apiServerPerTest, folderPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";
import { base64, connectWith, kubeconfigOf, type Parts } from "../support/kubeconfigs";

describe("a kubeconfig's certificates and tokens", () => {
  const server = apiServerPerTest();
  const folder = folderPerTest();

  beforeEach(async () => {
    server.on(`GET ${shootPath}`, json(shootObject()));
  });

  async function readWith(parts: Omit<Parts, "server">) {
    await (await gardenAt({ server: server.url, ...parts })).getShoot(web);
    const [request] = server.requests;
    if (request === undefined) throw new Error("No request arrived");
    return request;
  }

  it("present a token", async () => {
    expect((await readWith({ user: { token: "good-token" } })).headers.authorization).to.equal(
      "Bearer good-token",
    );
  });

  it("present a client certificate from data", async () => {
    const pair = await issueClient(await testCa(), { commonName: "jane" });
    const user = { "client-certificate-data": base64(pair.certificate), "client-key-data": base64(pair.key) };
    expect(await readWith({ user })).to.include({ client: "jane" });
  });

  it("present a client certificate from files", async () => {
    const pair = await issueClient(await testCa(), { commonName: "jane" });
    const user = {
      "client-certificate": await folder.write("jane.crt", pair.certificate),
      "client-key": await folder.write("jane.key", pair.key),
    };
    expect(await readWith({ user })).to.include({ client: "jane" });
  });

  it("refuse a certificate with a key that is not its own", async () => {
    const ca = await testCa();
    const [one, other] = [
      await issueClient(ca, { commonName: "a" }),
      await issueClient(ca, { commonName: "b" }),
    ];
    const user = { "client-certificate-data": base64(one.certificate), "client-key-data": base64(other.key) };
    await failureOf(readWith({ user }), "GU003");
  });

  it("read tokenFile instead of token, relative to the kubeconfig", async () => {
    const ca = await testCa();
    await folder.write("ca.crt", ca.certificate);
    await folder.write("token", "from-file\n");
    const content = await kubeconfigOf({
      server: server.url,
      cluster: { "certificate-authority-data": undefined, "certificate-authority": "ca.crt" },
      user: { tokenFile: "token", token: "beside" },
    });
    const path = await folder.write("garden.yaml", content);
    const connection = await openConnection({ kind: "file", path, origin: path }, {}, systemClock);
    await createGardenerGarden(connection).getShoot(web);
    expect(server.requests[0]?.headers.authorization).to.equal("Bearer from-file");
  });

  it("name a file that is missing", async () => {
    const { message } = await failureOf(readWith({ user: { tokenFile: `${folder.path}/gone` } }), "GU002");
    expect(message).to.contain("tokenFile").and.contain(`${folder.path}/gone`);
  });

  it("refuse a token that is not valid in a header, without repeating it", async () => {
    const tokenFile = await folder.write("token", "s3cr3t\ntwo lines");
    expect((await failureOf(readWith({ user: { tokenFile } }), "GU003")).message).not.to.contain("s3cr3t");
  });

  it("impersonate the user and groups of the kubeconfig", async () => {
    const { headers } = await readWith({ user: { token: "good-token", as: "robot", "as-groups": ["ops"] } });
    expect(headers).to.include({ "impersonate-user": "robot", "impersonate-group": "ops" });
  });

  it("verify the server under the name that the kubeconfig gives", async () => {
    const own = await issueServer(await testCa(), { hosts: ["only-this-name.test"] });
    const named = await startApiServer(own);
    try {
      named.on(`GET ${shootPath}`, json(shootObject()));
      const cluster = { "tls-server-name": "only-this-name.test" };
      const connection = await connectWith({ server: named.url, cluster });
      expect((await createGardenerGarden(connection).getShoot(web)).ref).to.deep.equal(web);
    } finally {
      await named.close();
    }
  });

  it("go to a server below a path", async () => {
    server.on(`GET /k8s/garden${shootPath}`, json(shootObject()));
    const connection = await connectWith({ server: `${server.url}/k8s/garden/` });
    expect((await createGardenerGarden(connection).getShoot(web)).ref).to.deep.equal(web);
  });

  it("are sent with our user agent", async () => {
    expect((await readWith({})).headers["user-agent"]).to.match(/^pulumi-gardener\/\d+\.\d+\.\d+/);
  });
});
