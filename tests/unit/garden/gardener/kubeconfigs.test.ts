import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { dropConnection, forbidden, json, status, type Route, type Seen } from "../support/api-server";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, shootsPath, web } from "../support/fixtures";
import { issued, kubeconfigOf } from "../support/kubeconfigs";
import { apiServerPerTest, gardenAt } from "../support/perTest";

describe("kubeconfigs of many Shoots", () => {
  const server = apiServerPerTest();
  let garden: Garden;
  const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
  const request = (name: string, index: number) =>
    garden.requestKubeconfig({ ...web, name }, index % 2 === 0 ? "viewer" : "admin", 600);
  let issue: Route;

  beforeEach(async () => {
    garden = await gardenAt({ server: server.url });
    issue = issued(await kubeconfigOf({ server: "https://external.test" }));
  });

  /** The first ten are answered once all of them have arrived and the returned function is called. */
  function holdTen(answer: Route): { readonly arrived: Promise<void>; answer(): void } {
    const held: (() => void)[] = [];
    const arrived = new Promise<void>((resolve) => {
      route(() => async (seen, response) => {
        if (held.length === 10) return issue(seen, response);
        await new Promise<void>((go) => {
          held.push(go);
          if (held.length === 10) resolve();
        });
        await answer(seen, response);
      });
    });
    return {
      arrived,
      answer: () => {
        for (const go of held) go();
      },
    };
  }

  it("are requested ten at once, and nothing else waits for them", async () => {
    const ten = holdTen(issue);
    const all = names.map(request);
    await ten.arrived;
    server.on(`GET ${shootPath}`, json(shootObject()));
    await garden.getShoot(web);
    expect(server.requests).to.have.length(11);
    ten.answer();
    await Promise.all(all);
    expect(server.requests).to.have.length(13);
  });

  it("are requested of the others, ten at once, where some are refused", async () => {
    const ten = holdTen(forbidden("create", "shoots/viewerkubeconfig"));
    const all = names.map(request);
    await ten.arrived;
    expect(server.requests).to.have.length(10);
    ten.answer();
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status: outcome }) => outcome)).to.deep.equal([
      ...Array<string>(10).fill("rejected"),
      "fulfilled",
      "fulfilled",
    ]);
  });

  it("are requested of the others where the garden closes the connection of one, and has answered another", async () => {
    garden = await gardenAt({ server: server.url }, { retryMs: 20 });
    let release = (): void => undefined;
    const lastArrived = new Promise<void>((resolve) => (release = resolve));
    // Eleven are requested before the connection is closed for the last time; the twelfth waits until then.
    route(({ path }) => {
      if (path.includes("/web-0/")) return dropConnection;
      if (path.includes("/web-11/")) release();
      if (path.includes("/web-1/")) return issue;
      return async (seen, response) => {
        await lastArrived;
        await issue(seen, response);
      };
    });
    const outcomes = await Promise.allSettled(names.map(request));
    expect(outcomes.map(({ status: outcome }) => outcome)).to.deep.equal([
      "rejected",
      ...Array<string>(11).fill("fulfilled"),
    ]);
  });

  it("fail with the same error where the garden answers none of ten, without a request of each", async () => {
    garden = await gardenAt({ server: server.url }, { retryMs: 1 });
    route(() => status(503, "ServiceUnavailable", "overloaded"));
    const failures = await Promise.all(names.map((name, index) => failureOf(request(name, index), "GU005")));
    expect(new Set(failures.map(({ message }) => message)).size).to.equal(1);
    expect(new Set(server.requests.map(({ path }) => path)).size).to.equal(10);
  });

  function route(routeOf: (seen: Seen) => Route): void {
    for (const name of names) {
      for (const access of ["viewer", "admin"]) {
        server.on(`POST ${shootsPath}/${name}/${access}kubeconfig`, (seen, response) =>
          routeOf(seen)(seen, response),
        );
      }
    }
  }
});
