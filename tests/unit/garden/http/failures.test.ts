import { expect } from "chai";
import { createServer } from "node:net";
import { createCa, issueClient, issueServer } from "../../../../sandbox/pki";
import { openConnection } from "../../../../provider/garden/connection";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import { systemClock } from "../../../../provider/model/clock";
import { forbidden, json, portOf, startApiServer, status, testCa, trackSockets } from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";
import { base64, connectWith, createFolder, kubeconfigOf, type Parts } from "../support/kubeconfigs";

async function getShoot(parts: Parts) {
  return createGardenerGarden(await connectWith(parts), { retryMs: 1, timeoutMs: 5_000 }).getShoot(web);
}

const unauthorized = status(401, "Unauthorized", "Unauthorized");

describe("a garden that cannot be reached", () => {
  it("is reported with host, port and cause where nothing listens", async () => {
    const server = await startApiServer();
    await server.close();
    const { message } = await failureOf(getShoot({ server: server.url }), "GU005");
    expect(message).to.contain(`127.0.0.1:${server.port}`).and.contain("ECONNREFUSED");
  });

  it("is reported with its host where the name does not resolve", async () => {
    const { message } = await failureOf(getShoot({ server: "https://no-such-host.invalid" }), "GU005");
    expect(message)
      .to.contain("no-such-host.invalid:443")
      .and.match(/ENOTFOUND|EAI_AGAIN/);
  });

  it("is reported where the server does not use TLS", async () => {
    const server = createServer((socket) => socket.end("SSH-2.0-something\r\n"));
    const sockets = trackSockets(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const failure = failureOf(getShoot({ server: `https://127.0.0.1:${portOf(server)}` }), "GU005");
    expect((await failure).message).to.contain("does not speak TLS");
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is reported where it never answers", async () => {
    const server = await startApiServer();
    server.on(`GET ${shootPath}`, () => undefined);
    const garden = await gardenAt({ server: server.url }, { timeoutMs: 50 });
    expect((await failureOf(garden.getShoot(web), "GU005")).message).to.contain("no answer within");
    await server.close();
  });
});

describe("a garden's certificate", () => {
  async function failureWith(hosts: readonly string[], expires?: Date) {
    const server = await startApiServer(await issueServer(await testCa(), { hosts, expires }));
    try {
      const failure = await failureOf(getShoot({ server: server.url }), "GU006");
      expect(server.requests).to.be.empty;
      return failure.message;
    } finally {
      await server.close();
    }
  }

  it("from another CA is refused before anything is sent", async () => {
    const server = await startApiServer();
    const other = await createCa("another");
    const cluster = { "certificate-authority-data": base64(other.certificate) };
    const { message } = await failureOf(getShoot({ server: server.url, cluster }), "GU006");
    expect(message).to.contain("certificate-authority");
    expect(server.requests).to.be.empty;
    await server.close();
  });

  it("for another host is refused", async () => {
    expect(await failureWith(["elsewhere.test"])).to.contain("issued for another host");
  });

  it("that has expired is refused", async () => {
    expect(await failureWith(["127.0.0.1"], new Date(Date.now() - 1000))).to.contain("has expired");
  });

  it("is verified whatever the value of NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await failureWith(["elsewhere.test"]);
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    }
  });
});

describe("credentials that a garden refuses", () => {
  const server = apiServerPerTest();

  it("are read again from their file, once, before anything fails", async () => {
    const folder = await createFolder();
    const tokenFile = await folder.write("token", "old-token");
    server.on(`GET ${shootPath}`, async (seen, response) => {
      await folder.write("token", "new-token");
      const route = seen.headers.authorization === "Bearer new-token" ? json(shootObject()) : unauthorized;
      await route(seen, response);
    });
    expect((await getShoot({ server: server.url, user: { tokenFile } })).ref).to.deep.equal(web);
    expect(server.requests.map(({ headers }) => headers.authorization)).to.deep.equal([
      "Bearer old-token",
      "Bearer new-token",
    ]);
    await folder.remove();
  });

  it("fail after the second refusal, with where they come from", async () => {
    server.on(`GET ${shootPath}`, unauthorized);
    const { message } = await failureOf(getShoot({ server: server.url }), "GU007");
    expect(message).to.contain("of the test").and.contain("--run-program");
    expect(server.requests).to.have.length(2);
  });

  it("name the kubeconfig's path where it is a file", async () => {
    server.on(`GET ${shootPath}`, unauthorized);
    const folder = await createFolder();
    const path = await folder.write("garden.yaml", await kubeconfigOf({ server: server.url }));
    const connection = await openConnection({ kind: "file", path, origin: path }, {}, systemClock);
    const { message } = await failureOf(createGardenerGarden(connection).getShoot(web), "GU007");
    expect(message).to.contain(`Renew the credentials in ${path}`).and.not.contain("--run-program");
    await folder.remove();
  });

  it("are reported with the expiry of the client certificate", async () => {
    server.on(`GET ${shootPath}`, unauthorized);
    const expires = new Date("2026-01-02T03:04:05Z");
    const pair = await issueClient(await testCa(), { commonName: "jane", expires });
    const user = { "client-certificate-data": base64(pair.certificate), "client-key-data": base64(pair.key) };
    const { message } = await failureOf(getShoot({ server: server.url, user }), "GU007");
    expect(message).to.contain("client certificate expired at 2026-01-02T03:04:05");
  });

  it("are reported with the expiry of the token, and nothing else of it", async () => {
    server.on(`GET ${shootPath}`, unauthorized);
    const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000, sub: "s3cr3t-subject" })).toString(
      "base64url",
    );
    const { message } = await failureOf(
      getShoot({ server: server.url, user: { token: `e30.${claims}.x` } }),
      "GU007",
    );
    expect(message)
      .to.contain("token expired at 2023-11-14")
      .and.not.contain("s3cr3t")
      .and.not.contain(claims);
  });
});

describe("an answer that is not a success", () => {
  const server = apiServerPerTest();

  it("of RBAC names the verb, the resource, the namespace and the cluster", async () => {
    server.on(`GET ${shootPath}`, forbidden("get", "shoots"));
    const { message } = await failureOf(getShoot({ server: server.url }), "GU008");
    expect(message).to.contain(
      "Shoot garden-demo/web: the right to get shoots in the namespace garden-demo is missing",
    );
  });

  it("of a gateway is reported without its page", async () => {
    server.on(`GET ${shootPath}`, (_seen, response) => {
      response.writeHead(403, { "content-type": "text/html" });
      response.end("<html>s3cr3t</html>");
    });
    const { message } = await failureOf(getShoot({ server: server.url }), "GU013");
    expect(message).to.contain("403").and.not.contain("s3cr3t");
  });

  it("that is not JSON is reported with the address to check", async () => {
    server.on(`GET ${shootPath}`, (_seen, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>s3cr3t</html>");
    });
    const { message } = await failureOf(getShoot({ server: server.url }), "GU013");
    expect(message).to.contain("text/html").and.contain(server.url).and.not.contain("s3cr3t");
  });

  it("that is a redirect is not followed", async () => {
    server.on(`GET ${shootPath}`, (_seen, response) => {
      response.writeHead(302, { location: `${server.url}/login` });
      response.end();
    });
    await failureOf(getShoot({ server: server.url }), "GU013");
    expect(server.calls()).to.deep.equal([`GET ${shootPath}`]);
  });

  it("of a server that fails is reported with its message", async () => {
    server.on(`GET ${shootPath}`, status(500, "InternalError", "etcdserver: leader changed"));
    expect((await failureOf(getShoot({ server: server.url }), "GU013")).message).to.contain(
      "etcdserver: leader changed",
    );
  });
});
