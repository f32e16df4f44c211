import { expect } from "chai";
import { createCleuraGarden } from "../../../../provider/garden/cleura";
import type { Connection } from "../../../../provider/garden/connection";
import type { Garden, ShootEvent } from "../../../../provider/garden/garden";
import type { Clock } from "../../../../provider/model/clock";
import { UserError } from "../../../../provider/model/problem";
import { quiet } from "../../rollout/clock";
import {
  dropConnection,
  json,
  sendJson,
  startApiServer,
  type ApiServer,
  type Route,
} from "../support/api-server";
import { failureOf } from "../support/failures";
import { connectWith } from "../support/kubeconfigs";
import { notFound, operationObject, refusal, shootObject, shootPath, shootsPath, web } from "./scene";

interface ImmediateClock extends Clock {
  /** In milliseconds. */
  readonly slept: number[];
}

/** Only sleeping takes time, and it is over at once. */
function createImmediateClock(): ImmediateClock {
  let now = Date.parse("2026-11-03T00:00:00Z");
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(now),
    async sleep(ms) {
      slept.push(ms);
      now += ms;
      await quiet();
    },
  };
}

describe("a watch of a Shoot through Cleura's API", () => {
  let server: ApiServer;
  let garden: Garden;
  let clock: ImmediateClock;
  let credentials: UserError | undefined;
  let mendable: boolean;

  beforeEach(async () => {
    server = await startApiServer();
    credentials = undefined;
    mendable = true;
    const inner = await connectWith({ server: server.url });
    const connection: Connection = {
      ...inner,
      get renewable() {
        return mendable;
      },
      requestOptions: () =>
        credentials === undefined ? inner.requestOptions() : Promise.reject(credentials),
    };
    clock = createImmediateClock();
    const endpoint = { cloud: "public", region: "Sto2", projectId: "0123abcd", url: server.url };
    garden = createCleuraGarden(endpoint, connection, { clock, retryMs: 1 });
    server.on(`GET ${shootPath}`, json(shootObject()));
  });
  afterEach(() => server.close());

  /** Events until the condition holds; the step is made after each. */
  async function until(
    holds: (events: readonly ShootEvent[]) => boolean,
    step: (event: ShootEvent) => void = () => undefined,
  ): Promise<readonly ShootEvent[]> {
    const stop = new AbortController();
    const events: ShootEvent[] = [];
    for await (const event of garden.watchShoot(web, stop.signal)) {
      events.push(event);
      step(event);
      if (holds(events)) stop.abort();
    }
    return events;
  }

  const isProcessing = (event: ShootEvent) =>
    event.kind === "seen" && event.shoot.lastOperation?.state === "Processing";
  const kinds = (events: readonly ShootEvent[]) => events.map(({ kind }) => kind);
  const processing = shootObject({
    last_operation: operationObject({
      state: "Processing",
      progress: 7,
      last_update_time: "2026-11-02T00:00:00Z",
    }),
  });

  /** The message of an interruption that ends. */
  async function interruptionBy(...routes: readonly Route[]): Promise<string> {
    server.on(`GET ${shootPath}`, json(shootObject()), ...routes, json(processing));
    const events = await until((all) => all.length === 3);
    expect(kinds(events)).to.deep.equal(["seen", "interrupted", "seen"]);
    const [, event] = events;
    return event?.kind === "interrupted" ? event.message : "";
  }

  it("shows the Shoot, then its changes", async () => {
    server.on(`GET ${shootPath}`, json(shootObject()), json(processing));
    const events = await until((all) => all.length === 2);
    expect(
      events.map((event) => (event.kind === "seen" ? event.shoot.lastOperation?.state : event.kind)),
    ).to.deep.equal(["Succeeded", "Processing"]);
  });

  it("continues after a lost connection", async () => {
    expect(await interruptionBy(dropConnection)).to.contain("cannot be reached");
  });

  for (const code of [429, 500, 502, 503, 504]) {
    it(`continues after an answer ${code}, with one request at a time`, async () => {
      expect(await interruptionBy(refusal(code, "not now"))).to.contain(`answers ${code}: not now`);
      expect(server.requests).to.have.length(3);
    });
  }

  it("waits for as long as the server requests", async () => {
    await interruptionBy((_seen, response) => sendJson(response, {}, 429, { "retry-after": "77" }));
    expect(Math.max(...clock.slept)).to.equal(77_000);
  });

  it("continues after a refused address", async () => {
    expect(await interruptionBy(refusal(403, "Forbidden IP"))).to.contain("refuses this network address");
  });

  it("continues after refused credentials, and reports how to log in", async () => {
    server.on(`GET ${shootPath}`, json(shootObject()), json(processing));
    const events = await until(
      (all) => all.length === 3,
      (event) => {
        credentials =
          event.kind === "seen"
            ? new UserError("GU007", "Cleura does not accept the credentials.")
            : undefined;
      },
    );
    const [, event] = events;
    expect(event?.kind === "interrupted" ? event.message : "").to.match(
      /^Cleura does not accept the credentials\. Run `cleura login` in another terminal/,
    );
    expect(Math.max(...clock.slept)).to.equal(30_000);
  });

  it("ends with credentials that cannot be renewed", async () => {
    mendable = false;
    credentials = new UserError("GU007", "no");
    await failureOf(
      until(() => false),
      "GU007",
    );
  });

  it("continues after an answer that is not JSON", async () => {
    const page: Route = (_seen, response) => {
      response.end("<html></html>");
    };
    expect(await interruptionBy(page)).to.contain("sends no JSON");
  });

  const html =
    (code: number): Route =>
    (_seen, response) => {
      response.writeHead(code, { "content-type": "text/html" });
      response.end("<html></html>");
    };

  for (const code of [302, 400, 403, 405, 500]) {
    it(`continues after a page of a gateway: ${code}`, async () => {
      expect(await interruptionBy(html(code))).to.match(new RegExp(`answers ${code}$`));
    });
  }

  for (const [what, route] of [
    ["an object without a Shoot's name", json({})],
    ["nothing", (_seen, response) => void response.writeHead(204).end()],
    ["a refusal", refusal(400, "What?")],
  ] satisfies readonly (readonly [string, Route])[]) {
    it(`continues after ${what}`, async () => {
      await interruptionBy(route);
    });
  }

  it("continues after a missing right that it had before", async () => {
    expect(await interruptionBy(refusal(403, "No access: Your user does not have access"))).to.contain(
      "lacks the right",
    );
  });

  it("continues after HTML pages in place of the list", async () => {
    const api = { ...web, name: "api" };
    server.on(`GET ${shootPath.replace("web", "api")}`, json(shootObject({ name: "api" })));
    server.on(`GET ${shootsPath}`, html(403), json({}), json([processing, shootObject({ name: "api" })]));
    const others: ShootEvent[] = [];
    const stop = new AbortController();
    const other = (async () => {
      for await (const event of garden.watchShoot(api, stop.signal)) others.push(event);
    })();
    const events = await until((all) => all.some((event) => isProcessing(event)));
    stop.abort();
    await other;
    for (const received of [events, others])
      expect(kinds(received)).to.contain("interrupted").and.not.contain("gone");
  });

  it("continues after credentials that cannot be renewed and are accepted again", async () => {
    mendable = false;
    server.on(`GET ${shootPath}`, json(shootObject()), json(processing));
    const events = await until(
      (all) => all.length === 3,
      (event) => {
        credentials = event.kind === "seen" ? new UserError("GU007", "no") : undefined;
      },
    );
    expect(kinds(events)).to.deep.equal(["seen", "interrupted", "seen"]);
  });

  it("ends with an undecodable Shoot, for the watchers of that one", async () => {
    const other = shootObject({ name: "api", uid: undefined });
    server.on(`GET ${shootPath.replace("web", "api")}`, json(shootObject({ name: "api" })), json(other));
    server.on(`GET ${shootsPath}`, json([shootObject(), other]), json([processing, other]));
    const broken = failureOf(
      (async () => {
        for await (const event of garden.watchShoot({ ...web, name: "api" }, new AbortController().signal))
          expect(event.kind).to.equal("seen");
      })(),
      "GU013",
    );
    server.on(`GET ${shootPath}`, json(shootObject()), json(processing));
    expect(kinds(await until((all) => all.length === 2))).to.deep.equal(["seen", "seen"]);
    expect((await broken).message).to.contain("Shoot api: uid is missing");
  });

  it("ends without the right to read", async () => {
    server.on(`GET ${shootPath}`, refusal(403, "You do not have the privilege"));
    await failureOf(
      until(() => false),
      "GU008",
    );
  });

  it("reports the Shoot as gone once the project's list does not contain it either", async () => {
    server.on(`GET ${shootPath}`, json(shootObject()), notFound);
    server.on(`GET ${shootsPath}`, json([]));
    expect(kinds(await until(() => false))).to.deep.equal(["seen", "gone"]);
  });

  it("does not take an unknown project for a deleted Shoot", async () => {
    server.on(`GET ${shootPath}`, json(shootObject()), notFound);
    server.on(`GET ${shootsPath}`, notFound, json([processing]));
    const events = await until((all) => all.length === 3);
    expect(kinds(events)).to.deep.equal(["seen", "interrupted", "seen"]);
  });

  it("shows what was written without a read", async () => {
    const { uid, resourceVersion } = await garden.getShoot(web);
    server.on(`PATCH ${shootPath}`, json(shootObject()));
    await garden.apply({ shoot: web, uid, resourceVersion, kubernetesVersion: "1.33.7", workers: [] });
    const [event] = await until(() => true);
    if (event?.kind !== "seen") throw new Error("not seen");
    expect(event.shoot).to.include({ kubernetesVersion: "1.33.7", generation: 1, observedGeneration: 0 });
    expect(server.calls().filter((call) => call.startsWith("GET"))).to.have.length(2);
  });
});
