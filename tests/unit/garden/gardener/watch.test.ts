import { expect } from "chai";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import type { ShootEvent } from "../../../../provider/garden/garden";
import { dropLine, endingEvents, events, forbidden, json, status, type Route } from "../support/api-server";
import { collect, failureOf } from "../support/failures";
import { listOf, shootObject, shootsPath, web } from "../support/fixtures";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { connectWith } from "../support/kubeconfigs";

const seenAt = (resourceVersion: string) => ({ type: "MODIFIED", object: shootObject({ resourceVersion }) });
const expired = {
  type: "ERROR",
  object: { kind: "Status", code: 410, reason: "Expired", message: "too old" },
};
const bookmark = (resourceVersion: string) => ({
  type: "BOOKMARK",
  object: { kind: "Shoot", metadata: { resourceVersion } },
});

describe("a Shoot that is watched", () => {
  const server = apiServerPerTest();
  let controller: AbortController;

  beforeEach(async () => {
    controller = new AbortController();
  });
  afterEach(async () => {
    controller.abort();
  });

  /** Lists are GETs without `watch`; both have the same path. */
  function serve(lists: readonly Route[], watches: readonly Route[]) {
    const [left, right] = [[...lists], [...watches]];
    server.on(`GET ${shootsPath}`, (seen, response) => {
      const queue = seen.query["watch"] === "true" ? right : left;
      const route = queue.length > 1 ? queue.shift() : queue[0];
      return route?.(seen, response);
    });
  }

  const listed = (resourceVersion: string, change = {}) =>
    json(listOf([shootObject({ resourceVersion, ...change })], resourceVersion));

  async function watched(until: (seen: readonly ShootEvent[]) => boolean, settings = {}) {
    const connection = await connectWith({ server: server.url });
    const garden = createGardenerGarden(connection, { retryMs: 1, pauseMs: 1, ...settings });
    return collect(garden.watchShoot(web, controller.signal), until);
  }

  const described = (seen: readonly ShootEvent[]) =>
    seen.map((event) => (event.kind === "seen" ? event.shoot.resourceVersion : event.kind));
  const watchedFrom = () =>
    server.requests.filter(({ query }) => query["watch"]).map(({ query }) => query["resourceVersion"]);

  it("is told at once and at each change", async () => {
    serve([listed("100")], [events(seenAt("101"), seenAt("102"))]);
    expect(described(await watched((seen) => seen.length === 3))).to.deep.equal(["100", "101", "102"]);
  });

  it("is asked for with bookmarks and an end", async () => {
    serve([listed("100")], [events(seenAt("101"))]);
    await watched((seen) => seen.length === 2);
    expect(server.requests[1]?.query).to.deep.equal({
      watch: "true",
      resourceVersion: "100",
      allowWatchBookmarks: "true",
      timeoutSeconds: "120",
    });
  });

  it("is watched on from the last event or bookmark when the server ends the watch", async () => {
    serve([listed("100")], [endingEvents(seenAt("101"), bookmark("150")), events(seenAt("151"))]);
    const seen = await watched((all) => all.length === 3);
    expect(described(seen)).to.deep.equal(["100", "101", "151"]);
    expect(watchedFrom()).to.deep.equal(["100", "150"]);
  });

  it("is listed again when the server has forgotten the version, by event or by answer", async () => {
    const gone = status(410, "Expired", "too old");
    serve([listed("100"), listed("200"), listed("300")], [events(expired), gone, events(seenAt("301"))]);
    expect(described(await watched((all) => all.length === 4))).to.deep.equal(["100", "200", "300", "301"]);
  });

  it("is announced as interrupted while the line is down, and then goes on", async () => {
    serve([listed("100")], [dropLine, dropLine, dropLine, dropLine, events(seenAt("101"))]);
    const seen = await watched((all) => described(all).includes("101"));
    expect(described(seen)).to.deep.equal(["100", "interrupted", "101"]);
    expect(watchedFrom()).to.deep.equal(Array(5).fill("100"));
  });

  it("goes on after a line that broke in the middle of an event", async () => {
    const broken: Route = (_seen, response) => {
      response.writeHead(200);
      response.write(`${JSON.stringify(seenAt("101"))}\n{"type":"MODIF`, () => response.socket?.destroy());
    };
    serve([listed("100")], [broken, events(seenAt("102"))]);
    const seen = await watched((all) => described(all).includes("102"));
    expect(described(seen)).to.deep.equal(["100", "101", "interrupted", "102"]);
    expect(watchedFrom()).to.deep.equal(["100", "101"]);
  });

  it("goes on after a line that has fallen silent", async () => {
    serve([listed("100")], [events(), events(seenAt("101"))]);
    const seen = await watched((all) => described(all).includes("101"), { watchSeconds: 0, idleSlackMs: 50 });
    expect(versionsOf(seen)).to.deep.equal(["100", "101"]);
    expect(described(seen)).to.include("interrupted");
  });

  it("goes on after the garden was away when the watch began", async () => {
    serve(
      [
        status(503, "", "starting"),
        status(503, "", "starting"),
        status(503, "", ""),
        status(503, "", ""),
        listed("100"),
      ],
      [events()],
    );
    const seen = await watched((all) => described(all).includes("100"));
    expect(described(seen)).to.deep.equal(["interrupted", "100"]);
  });

  it("goes on after an error inside the server", async () => {
    const internal = {
      type: "ERROR",
      object: { kind: "Status", code: 500, message: "etcdserver: leader changed" },
    };
    serve([listed("100")], [events(internal), events(seenAt("101"))]);
    const seen = await watched((all) => described(all).includes("101"));
    expect(seen[1]).to.deep.equal({ kind: "interrupted", message: "etcdserver: leader changed" });
  });

  it("goes on with fresh credentials when the old ones are refused", async () => {
    serve([listed("100")], [status(401, "Unauthorized", ""), events(seenAt("101"))]);
    expect(described(await watched((all) => all.length === 2))).to.deep.equal(["100", "101"]);
  });

  it("ends as gone when it is deleted", async () => {
    serve([listed("100")], [events({ type: "DELETED", object: shootObject({ resourceVersion: "101" }) })]);
    expect(described(await watched(() => false))).to.deep.equal(["100", "gone"]);
  });

  it("ends as gone when it is missing from a list", async () => {
    serve([listed("100"), json(listOf([]))], [events(expired)]);
    expect(described(await watched(() => false))).to.deep.equal(["100", "gone"]);
  });

  it("is seen under another uid when it was replaced while the line was down", async () => {
    serve([listed("100"), listed("200", { uid: "another" })], [events(expired), events()]);
    const [, second] = await watched((all) => all.length === 2);
    expect(second?.kind === "seen" && second.shoot.uid).to.equal("another");
  });

  it("ends when the watcher has seen enough", async () => {
    serve([listed("100")], [events()]);
    const garden = await gardenAt({ server: server.url });
    const seen: ShootEvent[] = [];
    for await (const event of garden.watchShoot(web, controller.signal)) {
      seen.push(event);
      controller.abort();
    }
    expect(described(seen)).to.deep.equal(["100"]);
  });

  it("fails where the right to watch is missing", async () => {
    serve([listed("100")], [forbidden("watch", "shoots")]);
    expect(
      (
        await failureOf(
          watched(() => false),
          "GU008",
        )
      ).message,
    ).to.contain("the right to watch shoots");
  });

  it("fails where the credentials are refused for good", async () => {
    serve([listed("100")], [status(401, "Unauthorized", "")]);
    await failureOf(
      watched(() => false, { refusedMs: 20 }),
      "GU007",
    );
  });

  const page = (code: number): Route => {
    return (_seen, response) => {
      response.writeHead(code, { "content-type": "text/html" });
      response.end("<html>gateway</html>\n");
    };
  };

  for (const [name, odd] of [
    ["a 403 without a Status", page(403)],
    ["a 404 without a Status", page(404)],
    ["a 400 without a Status", page(400)],
    ["a page with 200", page(200)],
    ["a right that is missing for a moment", forbidden("watch", "shoots")],
    ["credentials that are refused for a moment", status(401, "Unauthorized", "")],
  ] as const) {
    it(`goes on after ${name}, and says that it was interrupted`, async () => {
      const refusals: Route[] = name.startsWith("credentials") ? Array<Route>(8).fill(odd) : [odd];
      serve([listed("100"), listed("102")], [endingEvents(seenAt("101")), ...refusals, events()]);
      const seen = await watched((all) => versionsOf(all).includes("102"));
      expect(versionsOf(seen)).to.deep.equal(["100", "101", "102"]);
      expect(seen.map(({ kind }) => kind)).to.include("interrupted");
    });
  }

  it("is listed again after an error that the watch reports", async () => {
    const error = {
      type: "ERROR",
      object: { kind: "Status", code: 500, reason: "InternalError", message: "etcd" },
    };
    serve([listed("100"), listed("105")], [endingEvents(error), events()]);
    const seen = await watched((all) => versionsOf(all).includes("105"));
    expect(versionsOf(seen)).to.deep.equal(["100", "105"]);
  });

  it("is read beside a watch that has fallen silent, and seen as it is then", async () => {
    serve([listed("100"), listed("107")], [events()]);
    // Nothing has arrived for this time once the watch is open.
    const quietMs = 15_000;
    const opened = async () => {
      while (watchedFrom().length === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    const clock = {
      now: () => new Date(),
      sleep: (ms: number) => (ms === quietMs ? opened() : Promise.resolve()),
    };
    const seen = await watched((all) => versionsOf(all).includes("107"), { quietMs, clock });
    expect(versionsOf(seen)).to.deep.equal(["100", "107"]);
    expect(watchedFrom()).to.include("100");
  });

  describe("with others of its namespace", () => {
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
    const asked = () =>
      server.requests.map(({ query }) =>
        [query["watch"] === "true" ? "watch" : "list", query["fieldSelector"] ?? ""].join(" ").trim(),
      );
    /** A route for requests over the namespace, another for those that name a Shoot. */
    const byName =
      (all: Route, one: Route): Route =>
      (seen, response) =>
        (seen.query["fieldSelector"] === undefined ? all : one)(seen, response);

    async function open() {
      return await gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1 });
    }

    it("shares one list and one watch, and each is told of itself alone", async () => {
      serve([listedBoth], [events(changed("api", "101"), changed("web", "102"), changed("api", "103"))]);
      const garden = await open();
      const [one, two] = await Promise.all([
        collect(garden.watchShoot(web, controller.signal), (seen) => seen.length === 2),
        collect(garden.watchShoot(other, controller.signal), (seen) => seen.length === 3),
      ]);
      expect(described(one)).to.deep.equal(["100", "102"]);
      expect(described(two)).to.deep.equal(["90", "101", "103"]);
      expect(asked()).to.deep.equal(["list", "watch"]);
    });

    it("is told at once what was told last where the watch is there already", async () => {
      serve([listedBoth], [events(changed("api", "101"), changed("web", "102"))]);
      const garden = await open();
      for await (const event of garden.watchShoot(web, controller.signal)) {
        if (described([event])[0] !== "102") continue;
        const second = await collect(garden.watchShoot(other, controller.signal), () => true);
        expect(described(second)).to.deep.equal(["101"]);
        break;
      }
      expect(asked()).to.deep.equal(["list", "watch"]);
    });

    it("goes on when another one is watched no longer, and all ends with the last", async () => {
      let closed: () => void = () => undefined;
      const over = new Promise<void>((resolve) => (closed = resolve));
      const watch: Route = (seen, response) => {
        response.on("close", closed);
        return events(changed("web", "101"))(seen, response);
      };
      serve([listedBoth], [watch]);
      const garden = await open();
      const [first] = await Promise.all([
        collect(garden.watchShoot(web, controller.signal), (seen) => seen.length === 2),
        collect(garden.watchShoot(other, controller.signal), () => true),
      ]);
      expect(described(first)).to.deep.equal(["100", "101"]);
      await over;
      await collect(garden.watchShoot(web, controller.signal), () => true);
      expect(asked().filter((call) => call === "list")).to.have.length(2);
    });

    it("is watched alone where the right is given for its name", async () => {
      serve(
        [byName(forbidden("list", "shoots"), listed("100"))],
        [byName(forbidden("watch", "shoots"), events(seenAt("101")))],
      );
      expect(described(await watched((seen) => seen.length === 2))).to.deep.equal(["100", "101"]);
      expect(asked()).to.deep.equal(["list", "list metadata.name=web", "watch metadata.name=web"]);
    });

    it("is not gone for a list of the namespace that lacks it", async () => {
      serve([byName(json(listOf([])), listed("100"))], [byName(events(), events(seenAt("101")))]);
      expect(described(await watched((seen) => seen.length === 2))).to.deep.equal(["100", "101"]);
    });

    it("does not suffer from another one that cannot be read", async () => {
      const broken = { ...named("api", "101"), spec: "?" };
      serve([listedBoth], [events({ type: "MODIFIED", object: broken }, changed("web", "102"))]);
      const garden = await open();
      const [seen, failure] = await Promise.all([
        collect(garden.watchShoot(web, controller.signal), (all) => all.length === 2),
        failureOf(
          collect(garden.watchShoot(other, controller.signal), () => false),
          "GU013",
        ),
      ]);
      expect(described(seen)).to.deep.equal(["100", "102"]);
      expect(failure.message).to.contain("garden-demo/api");
    });

    it("goes on alone where the stream has an event that cannot be read", async () => {
      const nonsense = { type: "MODIFIED", object: {} };
      serve([listedBoth], [byName(events(nonsense), events(seenAt("103")))]);
      const seen = await watched((all) => described(all).includes("103"));
      expect(described(seen)).to.deep.equal(["100", "100", "103"]);
    });
  });
});

function versionsOf(seen: readonly ShootEvent[]): string[] {
  return seen.flatMap((event) => (event.kind === "seen" ? [event.shoot.resourceVersion] : []));
}
