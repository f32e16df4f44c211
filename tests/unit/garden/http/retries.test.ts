import { expect } from "chai";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import type { Clock } from "../../../../provider/model/clock";
import type { Change } from "../../../../provider/model/plan";
import { dropConnection, json, status, type Route } from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";
import { connectWith, issued, kubeconfigOf } from "../support/kubeconfigs";

const change: Change = {
  shoot: web,
  uid: "u",
  resourceVersion: "1",
  kubernetesVersion: "1.34.3",
  workers: [],
};
const busy = (code: number, headers = {}) => status(code, "", "not now", {}, headers);

const page =
  (code: number): Route =>
  (_seen, response) => {
    response.writeHead(code, { "content-type": "text/html" });
    response.end("<html></html>");
  };
/** @param withLength whether the answer has a content-length. */
const cut =
  (withLength: boolean): Route =>
  (_seen, response) => {
    const body = JSON.stringify(shootObject());
    const length = withLength ? { "content-length": String(body.length) } : { connection: "close" };
    response.writeHead(200, { "content-type": "application/json", ...length });
    if (withLength) response.write(body.slice(0, 100), () => response.socket?.destroy());
    else response.end(body.slice(0, 100));
  };

describe("a request that fails temporarily", () => {
  const server = apiServerPerTest();
  let slept: number[];

  beforeEach(async () => {
    slept = [];
  });

  const clock: Clock = {
    now: () => new Date(),
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };

  async function garden() {
    return await gardenAt({ server: server.url }, { clock });
  }

  for (const code of [429, 502, 503, 504]) {
    it(`is sent again after ${code} where it is a read`, async () => {
      server.on(`GET ${shootPath}`, busy(code), busy(code), json(shootObject()));
      await (await garden()).getShoot(web);
      expect(server.requests).to.have.length(3);
    });
  }

  it("is sent again after a closed connection where it is a read", async () => {
    server.on(`GET ${shootPath}`, dropConnection, json(shootObject()));
    await (await garden()).getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("waits as long as Retry-After requests", async () => {
    server.on(`GET ${shootPath}`, busy(429, { "retry-after": "7" }), json(shootObject()));
    await (await garden()).getShoot(web);
    expect(slept).to.deep.equal([7000]);
  });

  it("waits half a minute at most", async () => {
    server.on(`GET ${shootPath}`, busy(503, { "retry-after": "3600" }), json(shootObject()));
    await (await garden()).getShoot(web);
    expect(slept).to.deep.equal([30_000]);
  });

  it("fails as unreachable after four attempts", async () => {
    server.on(`GET ${shootPath}`, busy(503));
    expect((await failureOf((await garden()).getShoot(web), "GU005")).message).to.contain("503");
    expect(server.requests).to.have.length(4);
  });

  it("is not sent again where it is a write, and reports that it may have been written", async () => {
    server.on(`PATCH ${shootPath}`, dropConnection);
    const { message } = await failureOf((await garden()).apply(change), "GU005");
    expect(message).to.contain("not known whether the change was written");
    expect(server.requests).to.have.length(1);
  });

  it("is not sent again after 503 where it is a write", async () => {
    server.on(`PATCH ${shootPath}`, busy(503));
    await failureOf((await garden()).apply(change), "GU005");
    expect(server.requests).to.have.length(1);
  });

  const cutAnswers: readonly (readonly [string, Route])[] = [
    ["a failure inside the server", status(500, "InternalError", "etcdserver: request timed out")],
    ["a page of a gateway", page(403)],
    ["an answer that is cut", cut(true)],
    ["an answer that ends too early", cut(false)],
    ["an answer that is not a Shoot", json({ kind: "Status", status: "Success" })],
  ];
  for (const [what, route] of cutAnswers) {
    it(`is a write of unknown outcome after ${what}, and not sent again`, async () => {
      server.on(`PATCH ${shootPath}`, route);
      const failure = await failureOf((await garden()).apply(change));
      expect(failure).to.have.property("writeOutcome", "unknown");
      expect(failure.message).to.contain("not known whether the change was written");
      expect(server.requests).to.have.length(1);
    });
  }

  it("is no write of unknown outcome where nothing accepted the connection", async () => {
    const one = await garden();
    await server.close();
    const failure = await failureOf(one.apply(change), "GU005");
    expect(failure.writeOutcome).to.equal(undefined);
    expect(failure.message).not.to.contain("not known");
  });

  for (const code of [429, 502, 503, 504]) {
    it(`is sent again after ${code} where it is a dry run`, async () => {
      server.on(`PATCH ${shootPath}`, busy(code), json(shootObject()));
      expect((await (await garden()).dryRun(change)).kind).to.equal("accepted");
      expect(server.requests).to.have.length(2);
    });

    it(`is sent again after ${code} where it requests a kubeconfig`, async () => {
      const answer = issued(await kubeconfigOf({ server: server.url }));
      for (const access of ["admin", "viewer"] as const) {
        server.on(`POST ${shootPath}/${access}kubeconfig`, busy(code), dropConnection, answer);
        await (await garden()).requestKubeconfig(web, access, 600);
      }
      expect(server.requests).to.have.length(6);
    });
  }

  describe("with credentials that were accepted before", () => {
    const unauthorized = status(401, "Unauthorized", "Unauthorized");

    it("is sent again while an API server refuses them for some seconds", async () => {
      const one = await garden();
      server.on(
        `GET ${shootPath}`,
        json(shootObject()),
        ...Array<Route>(4).fill(unauthorized),
        json(shootObject()),
      );
      await one.getShoot(web);
      await one.getShoot(web);
      expect(slept.reduce((sum, ms) => sum + ms, 0)).to.be.greaterThan(500);
    });

    it("is sent again then where it is a write, which was not processed", async () => {
      const one = await garden();
      server.on(`GET ${shootPath}`, json(shootObject()));
      server.on(`PATCH ${shootPath}`, unauthorized, unauthorized, unauthorized, json(shootObject()));
      await one.getShoot(web);
      expect((await one.apply(change)).kind).to.equal("accepted");
    });

    it("fails after some seconds", async () => {
      const one = await garden();
      server.on(`GET ${shootPath}`, json(shootObject()), unauthorized);
      await one.getShoot(web);
      await failureOf(one.getShoot(web), "GU007");
      const waited = slept.reduce((sum, ms) => sum + ms, 0);
      expect(waited).to.be.within(10_000, 60_000);
    });

    it("fails at once where the token is known to have expired", async () => {
      const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString("base64url");
      const connection = await connectWith({ server: server.url, user: { token: `e30.${claims}.x` } });
      const one = createGardenerGarden(connection, { clock });
      server.on(`GET ${shootPath}`, json(shootObject()), unauthorized);
      await one.getShoot(web);
      await failureOf(one.getShoot(web), "GU007");
      expect(slept).to.be.empty;
    });
  });

  it("fails after its timeout while all connections are in use", async () => {
    const connection = await connectWith({ server: server.url });
    const patient = createGardenerGarden(connection, { timeoutMs: 60_000 });
    const hasty = createGardenerGarden(connection, { timeoutMs: 50 });
    server.on(`GET ${shootPath}`, () => undefined);
    const held = Array.from({ length: 16 }, () => patient.getShoot(web).catch(() => undefined));
    while (server.requests.length < held.length) await new Promise((resolve) => setImmediate(resolve));
    expect((await failureOf(hasty.getShoot(web), "GU005")).message).to.contain("no answer within");
    await server.close();
    await Promise.all(held);
  });

  it("is sent again after 429 where it is a write, which was not processed", async () => {
    server.on(`PATCH ${shootPath}`, busy(429), json(shootObject()));
    expect((await (await garden()).apply(change)).kind).to.equal("accepted");
    expect(server.requests).to.have.length(2);
  });
});
