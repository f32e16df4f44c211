import { expect } from "chai";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import type { Clock } from "../../../../provider/model/clock";
import type { Change } from "../../../../provider/model/plan";
import { dropLine, json, startApiServer, status, type ApiServer } from "../support/api-server";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";
import { connectWith } from "../support/kubeconfigs";

const change: Change = {
  shoot: web,
  uid: "u",
  resourceVersion: "1",
  kubernetesVersion: "1.34.3",
  workers: [],
};
const busy = (code: number, headers = {}) => status(code, "", "not now", {}, headers);

describe("a request that fails in passing", () => {
  let server: ApiServer;
  let slept: number[];

  beforeEach(async () => {
    server = await startApiServer();
    slept = [];
  });
  afterEach(() => server.close());

  async function garden() {
    const clock: Clock = {
      now: () => new Date(),
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
    };
    return createGardenerGarden(await connectWith({ server: server.url }), { clock });
  }

  for (const code of [429, 502, 503, 504]) {
    it(`is read again after ${code}`, async () => {
      server.on(`GET ${shootPath}`, busy(code), busy(code), json(shootObject()));
      await (await garden()).getShoot(web);
      expect(server.requests).to.have.length(3);
    });
  }

  it("is read again after a line that was closed", async () => {
    server.on(`GET ${shootPath}`, dropLine, json(shootObject()));
    await (await garden()).getShoot(web);
    expect(server.requests).to.have.length(2);
  });

  it("waits as long as the server asks", async () => {
    server.on(`GET ${shootPath}`, busy(429, { "retry-after": "7" }), json(shootObject()));
    await (await garden()).getShoot(web);
    expect(slept).to.deep.equal([7000]);
  });

  it("waits half a minute at most", async () => {
    server.on(`GET ${shootPath}`, busy(503, { "retry-after": "3600" }), json(shootObject()));
    await (await garden()).getShoot(web);
    expect(slept).to.deep.equal([30_000]);
  });

  it("is given up after four attempts, as unreachable", async () => {
    server.on(`GET ${shootPath}`, busy(503));
    expect((await failureOf((await garden()).getShoot(web), "GU005")).message).to.contain("503");
    expect(server.requests).to.have.length(4);
  });

  it("is not written again, and says that it may have been written", async () => {
    server.on(`PATCH ${shootPath}`, dropLine);
    const { message } = await failureOf((await garden()).apply(change), "GU005");
    expect(message).to.contain("not known whether the change was written");
    expect(server.requests).to.have.length(1);
  });

  it("is not written again after 503", async () => {
    server.on(`PATCH ${shootPath}`, busy(503));
    await failureOf((await garden()).apply(change), "GU005");
    expect(server.requests).to.have.length(1);
  });

  it("is written again after 429, which says that nothing was done", async () => {
    server.on(`PATCH ${shootPath}`, busy(429), json(shootObject()));
    expect((await (await garden()).apply(change)).kind).to.equal("accepted");
    expect(server.requests).to.have.length(2);
  });
});
