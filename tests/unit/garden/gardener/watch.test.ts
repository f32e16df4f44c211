import { mock } from "node:test";
import { expect } from "chai";
import type { ShootEvent } from "../../../../provider/garden/garden";
import {
  dropConnection,
  endingEvents,
  events,
  forbidden,
  json,
  status,
  type Route,
} from "../support/api-server";
import { failureOf } from "../support/failures";
import { listOf, shootObject, web } from "../support/fixtures";
import { gardenAt } from "../support/perTest";
import { described, listed, modified, versionsOf, watchedShootPerTest } from "../support/watches";

const expired = {
  type: "ERROR",
  object: { kind: "Status", code: 410, reason: "Expired", message: "too old" },
};
const bookmark = (resourceVersion: string) => ({
  type: "BOOKMARK",
  object: { kind: "Shoot", metadata: { resourceVersion } },
});

describe("the watch of a Shoot", () => {
  const { server, serve, watched, watchedFrom } = watchedShootPerTest();
  const withoutPauses = { now: () => new Date(), sleep: () => Promise.resolve() };

  it("reports the Shoot at once and at each change", async () => {
    serve([listed("100")], [events(modified("101"), modified("102"))]);
    expect(described(await watched((seen) => seen.length === 3))).to.deep.equal(["100", "101", "102"]);
  });

  it("is requested with bookmarks and a timeout", async () => {
    serve([listed("100")], [events(modified("101"))]);
    await watched((seen) => seen.length === 2);
    expect(server.requests[1]?.query).to.deep.equal({
      watch: "true",
      resourceVersion: "100",
      allowWatchBookmarks: "true",
      timeoutSeconds: "120",
    });
  });

  it("continues from the last event or bookmark when the server ends it", async () => {
    serve([listed("100")], [endingEvents(modified("101"), bookmark("150")), events(modified("151"))]);
    const seen = await watched((all) => all.length === 3);
    expect(described(seen)).to.deep.equal(["100", "101", "151"]);
    expect(watchedFrom()).to.deep.equal(["100", "150"]);
  });

  it("lists again when the server no longer has the version, reported by event or by status", async () => {
    const gone = status(410, "Expired", "too old");
    serve([listed("100"), listed("200"), listed("300")], [events(expired), gone, events(modified("301"))]);
    expect(described(await watched((all) => all.length === 4))).to.deep.equal(["100", "200", "300", "301"]);
  });

  it("reports an interruption while the connection is lost, and then continues", async () => {
    serve(
      [listed("100")],
      [dropConnection, dropConnection, dropConnection, dropConnection, events(modified("101"))],
    );
    const seen = await watched((all) => described(all).includes("101"));
    expect(described(seen)).to.deep.equal(["100", "interrupted", "101"]);
    expect(watchedFrom()).to.deep.equal(Array(5).fill("100"));
  });

  it("continues after a connection that was lost in the middle of an event", async () => {
    const broken: Route = (_seen, response) => {
      response.writeHead(200);
      response.write(`${JSON.stringify(modified("101"))}\n{"type":"MODIF`, () => response.socket?.destroy());
    };
    serve([listed("100")], [broken, events(modified("102"))]);
    const seen = await watched((all) => described(all).includes("102"));
    expect(described(seen)).to.deep.equal(["100", "101", "interrupted", "102"]);
    expect(watchedFrom()).to.deep.equal(["100", "101"]);
  });

  it("continues after a connection on which nothing arrives", async () => {
    const silent: Route = (_seen, response) => {
      response.writeHead(200);
      response.flushHeaders();
      mock.timers.tick(135_000);
    };
    serve([listed("100")], [silent, events(modified("101"))]);
    const settings = { watchSeconds: 120, idleSlackMs: 15_000, quietMs: undefined, clock: withoutPauses };
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const seen = await watched((all) => described(all).includes("101"), settings);
      expect(described(seen)).to.deep.equal(["100", "interrupted", "101"]);
    } finally {
      mock.timers.reset();
    }
  });

  it("continues after the garden was unavailable when it started", async () => {
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

  it("continues after an internal error of the server", async () => {
    const internal = {
      type: "ERROR",
      object: { kind: "Status", code: 500, message: "etcdserver: leader changed" },
    };
    serve([listed("100")], [events(internal), events(modified("101"))]);
    const seen = await watched((all) => described(all).includes("101"));
    expect(seen[1]).to.deep.equal({ kind: "interrupted", message: "etcdserver: leader changed" });
  });

  it("continues with new credentials when the old ones are refused", async () => {
    serve([listed("100")], [status(401, "Unauthorized", ""), events(modified("101"))]);
    expect(described(await watched((all) => all.length === 2))).to.deep.equal(["100", "101"]);
  });

  it("ends as gone when the Shoot is deleted", async () => {
    serve([listed("100")], [events({ type: "DELETED", object: shootObject({ resourceVersion: "101" }) })]);
    expect(described(await watched(() => false))).to.deep.equal(["100", "gone"]);
  });

  it("ends as gone when the Shoot is missing from a list", async () => {
    serve([listed("100"), json(listOf([]))], [events(expired)]);
    expect(described(await watched(() => false))).to.deep.equal(["100", "gone"]);
  });

  it("leaves no timer behind where an event arrives while it ends", async () => {
    const [set, cleared] = [mock.method(globalThis, "setTimeout"), mock.method(globalThis, "clearTimeout")];
    const isOpen = (timer: unknown) => !cleared.mock.calls.some((call) => call.arguments[0] === timer);
    // The watch's timeout and the slack.
    const idle = () => set.mock.calls.filter((call) => call.arguments[1] === 135_000);
    try {
      serve([listed("100"), json(listOf([]))], [events(expired)]);
      await watched(() => false);
      expect(idle()).not.to.be.empty;
      while (idle().some(({ result }) => isOpen(result)))
        await new Promise((resolve) => setImmediate(resolve));
    } finally {
      set.mock.restore();
      cleared.mock.restore();
    }
  });

  it("reports another uid when the Shoot was replaced while the connection was lost", async () => {
    serve([listed("100"), listed("200", { uid: "another" })], [events(expired), events()]);
    const [, second] = await watched((all) => all.length === 2);
    expect(second?.kind === "seen" && second.shoot.uid).to.equal("another");
  });

  it("ends when the caller aborts it", async () => {
    serve([listed("100")], [events()]);
    const garden = await gardenAt({ server: server.url });
    const seen: ShootEvent[] = [];
    const controller = new AbortController();
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

  it("fails where the credentials are refused permanently", async () => {
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
    ["a right that is missing temporarily", forbidden("watch", "shoots")],
    ["credentials that are refused temporarily", status(401, "Unauthorized", "")],
  ] as const) {
    it(`continues after ${name}, and reports the interruption`, async () => {
      const refusals: Route[] = name.startsWith("credentials") ? Array<Route>(8).fill(odd) : [odd];
      serve([listed("100"), listed("102")], [endingEvents(modified("101")), ...refusals, events()]);
      const seen = await watched((all) => versionsOf(all).includes("102"));
      expect(versionsOf(seen)).to.deep.equal(["100", "101", "102"]);
      expect(seen.map(({ kind }) => kind)).to.include("interrupted");
    });
  }

  it("lists again after an error event", async () => {
    const error = {
      type: "ERROR",
      object: { kind: "Status", code: 500, reason: "InternalError", message: "etcd" },
    };
    serve([listed("100"), listed("105")], [endingEvents(error), events()]);
    const seen = await watched((all) => versionsOf(all).includes("105"));
    expect(versionsOf(seen)).to.deep.equal(["100", "105"]);
  });

  it("is compared with a list while nothing arrives, and reports the difference", async () => {
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
});
