import { expect } from "chai";
import type { Socket } from "node:net";
import { GARDEN_SOCKETS } from "../../../../provider/garden/connection/clientLibrary";
import type { Garden } from "../../../../provider/garden/garden";
import { events, json, type Route } from "../support/api-server";
import { listOf, shootObject, web } from "../support/fixtures";
import { apiServerPerTest, gardenAt } from "../support/perTest";

/** More than the connections that are kept for requests. */
const WATCHES = GARDEN_SOCKETS + 8;

const core = "/apis/core.gardener.cloud/v1beta1";
const namespaces = Array.from({ length: WATCHES }, (_, index) => `garden-p${index}`);

/** One turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("open watches of a garden", () => {
  const server = apiServerPerTest();
  let garden: Garden;
  let controllers: AbortController[];
  const sockets = { watch: new Set<Socket | null>(), request: new Set<Socket | null>() };

  beforeEach(async () => {
    controllers = [];
    sockets.watch.clear();
    sockets.request.clear();
    garden = await gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1 });
  });
  afterEach(async () => {
    for (const controller of controllers) controller.abort();
  });

  const shootIn = (namespace: string, name: string) => {
    const object = shootObject();
    return { ...object, metadata: { ...object.metadata, namespace, name, uid: `${namespace}/${name}` } };
  };

  /** Remembers the socket of each request and each watch. */
  const recorded =
    (kind: keyof typeof sockets, route: Route): Route =>
    (seen, response) => {
      sockets[kind].add(response.socket);
      return route(seen, response);
    };

  function serve(namespace: string, names: readonly string[]) {
    const list = recorded("request", json(listOf(names.map((name) => shootIn(namespace, name)))));
    const watch = recorded("watch", events());
    server.on(`GET ${core}/namespaces/${namespace}/shoots`, (seen, response) =>
      (seen.query["watch"] === "true" ? watch : list)(seen, response),
    );
    for (const name of names) {
      const read = recorded("request", json(shootIn(namespace, name)));
      server.on(`GET ${core}/namespaces/${namespace}/shoots/${name}`, read);
    }
  }

  /** Resolves with the first event; the watch stays open. */
  async function watch(namespace: string, name: string): Promise<string> {
    const controller = new AbortController();
    controllers.push(controller);
    const watched = garden.watchShoot({ namespace, name }, controller.signal)[Symbol.asyncIterator]();
    const first = await watched.next();
    watched.next().catch(() => undefined);
    return first.done === true ? "ended" : first.value.kind;
  }

  const watchRequests = () => server.requests.filter(({ query }) => query["watch"] === "true");

  async function watchesOpen(count: number) {
    while (watchRequests().length < count && !controllers.some(({ signal }) => signal.aborted)) await turn();
  }

  it("leave requests their connections, however many there are", async () => {
    for (const namespace of namespaces) serve(namespace, ["web"]);
    await Promise.all(namespaces.map((namespace) => watch(namespace, "web")));
    await watchesOpen(WATCHES);
    const shoots = await Promise.all(
      namespaces.map((namespace) => garden.getShoot({ namespace, name: "web" })),
    );
    expect(shoots.map(({ ref }) => ref.namespace)).to.deep.equal(namespaces);
    expect(sockets.watch.size).to.equal(WATCHES);
    expect([...sockets.watch].filter((socket) => sockets.request.has(socket))).to.be.empty;
  });

  it("leave requests at most 32 connections at once", async () => {
    for (const namespace of namespaces) serve(namespace, ["web"]);
    await Promise.all(namespaces.map((namespace) => garden.getShoot({ namespace, name: "web" })));
    expect(sockets.request.size).to.equal(32);
  });

  it("are one for all Shoots of a namespace", async () => {
    const names = namespaces.map((_, index) => `shoot-${index}`);
    serve(web.namespace, names);
    const kinds = await Promise.all(names.map((name) => watch(web.namespace, name)));
    await watchesOpen(1);
    await garden.getShoot({ namespace: web.namespace, name: "shoot-0" });
    expect(kinds).to.deep.equal(names.map(() => "seen"));
    expect(watchRequests()).to.have.length(1);
    expect(sockets.watch.size).to.equal(1);
  });
});
