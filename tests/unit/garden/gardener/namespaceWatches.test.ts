import { expect } from "chai";
import { events, forbidden, json, type Route } from "../support/api-server";
import { collect, failureOf } from "../support/failures";
import { listOf, shootObject, web } from "../support/fixtures";
import { gardenAt } from "../support/perTest";
import { described, listed, modified, watchedShootPerTest } from "../support/watches";

describe("the watch of a Shoot with others of its namespace", () => {
  const { server, signal, serve, watched } = watchedShootPerTest();
  const other = { ...web, name: "api" };
  const named = (name: string, resourceVersion: string) => {
    const object = shootObject({ resourceVersion });
    return { ...object, metadata: { ...object.metadata, name } };
  };
  const listedBoth = json(listOf([named("web", "100"), named("api", "90")], "100"));
  const changed = (name: string, resourceVersion: string) => ({
    type: "MODIFIED",
    object: named(name, resourceVersion),
  });
  const requested = () =>
    server.requests.map(({ query }) =>
      [query["watch"] === "true" ? "watch" : "list", query["fieldSelector"] ?? ""].join(" ").trim(),
    );
  /** A route for requests over the namespace, another for those that name a Shoot. */
  const byName =
    (all: Route, one: Route): Route =>
    (seen, response) =>
      (seen.query["fieldSelector"] === undefined ? all : one)(seen, response);

  const open = () => gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1 });

  it("is one list and one watch, and each caller receives its own Shoot only", async () => {
    serve([listedBoth], [events(changed("api", "101"), changed("web", "102"), changed("api", "103"))]);
    const garden = await open();
    const [one, two] = await Promise.all([
      collect(garden.watchShoot(web, signal()), (seen) => seen.length === 2),
      collect(garden.watchShoot(other, signal()), (seen) => seen.length === 3),
    ]);
    expect(described(one)).to.deep.equal(["100", "102"]);
    expect(described(two)).to.deep.equal(["90", "101", "103"]);
    expect(requested()).to.deep.equal(["list", "watch"]);
  });

  it("reports the last known Shoot at once where the watch is open already", async () => {
    serve([listedBoth], [events(changed("api", "101"), changed("web", "102"))]);
    const garden = await open();
    for await (const event of garden.watchShoot(web, signal())) {
      if (described([event])[0] !== "102") continue;
      const second = await collect(garden.watchShoot(other, signal()), () => true);
      expect(described(second)).to.deep.equal(["101"]);
      break;
    }
    expect(requested()).to.deep.equal(["list", "watch"]);
  });

  it("continues when another Shoot is no longer watched, and ends with the last one", async () => {
    let closed: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (closed = resolve));
    const watch: Route = (seen, response) => {
      response.on("close", closed);
      return events(changed("web", "101"))(seen, response);
    };
    serve([listedBoth], [watch]);
    const garden = await open();
    const [first] = await Promise.all([
      collect(garden.watchShoot(web, signal()), (seen) => seen.length === 2),
      collect(garden.watchShoot(other, signal()), () => true),
    ]);
    expect(described(first)).to.deep.equal(["100", "101"]);
    await over;
    await collect(garden.watchShoot(web, signal()), () => true);
    expect(requested().filter((call) => call === "list")).to.have.length(2);
  });

  it("falls back to the Shoot's name where the right is granted for the name only", async () => {
    serve(
      [byName(forbidden("list", "shoots"), listed("100"))],
      [byName(forbidden("watch", "shoots"), events(modified("101")))],
    );
    expect(described(await watched((seen) => seen.length === 2))).to.deep.equal(["100", "101"]);
    expect(requested()).to.deep.equal(["list", "list metadata.name=web", "watch metadata.name=web"]);
  });

  it("falls back to the Shoot's name where the list of the namespace does not contain it", async () => {
    serve([byName(json(listOf([])), listed("100"))], [byName(events(), events(modified("101")))]);
    expect(described(await watched((seen) => seen.length === 2))).to.deep.equal(["100", "101"]);
  });

  it("is not affected by another Shoot that cannot be decoded", async () => {
    const broken = { ...named("api", "101"), spec: "?" };
    serve([listedBoth], [events({ type: "MODIFIED", object: broken }, changed("web", "102"))]);
    const garden = await open();
    const [seen, failure] = await Promise.all([
      collect(garden.watchShoot(web, signal()), (all) => all.length === 2),
      failureOf(
        collect(garden.watchShoot(other, signal()), () => false),
        "GU013",
      ),
    ]);
    expect(described(seen)).to.deep.equal(["100", "102"]);
    expect(failure.message).to.contain("garden-demo/api");
  });

  it("falls back to the Shoot's name where an event cannot be decoded", async () => {
    const nonsense = { type: "MODIFIED", object: {} };
    serve([listedBoth], [byName(events(nonsense), events(modified("103")))]);
    const seen = await watched((all) => described(all).includes("103"));
    expect(described(seen)).to.deep.equal(["100", "100", "103"]);
  });
});
