/** A Shoot that is watched on an API server of the test. */
import type { ShootEvent } from "../../../../provider/garden/garden";
import type { GardenSettings } from "../../../../provider/garden/gardener";
import { json, type ApiServer, type Route } from "./api-server";
import { collect } from "./failures";
import { listOf, shootObject, shootsPath, web } from "./fixtures";
import { apiServerPerTest, gardenAt } from "./perTest";

interface WatchedShoot {
  readonly server: ApiServer;
  /** Aborted after the test. */
  signal(): AbortSignal;
  /** The answers to lists and to watches, in turn; the last one is repeated. */
  serve(lists: readonly Route[], watches: readonly Route[]): void;
  watched(
    until: (events: readonly ShootEvent[]) => boolean,
    settings?: GardenSettings,
  ): Promise<readonly ShootEvent[]>;
  /** The resourceVersion of each watch request. */
  watchedFrom(): readonly (string | undefined)[];
}

/** Call it inside `describe`. */
export function watchedShootPerTest(): WatchedShoot {
  const server = apiServerPerTest();
  let controller = new AbortController();
  beforeEach(() => {
    controller = new AbortController();
  });
  afterEach(() => controller.abort());
  const signal = () => controller.signal;
  return {
    server,
    signal,
    serve(lists, watches) {
      const remaining = { lists: [...lists], watches: [...watches] };
      server.on(`GET ${shootsPath}`, (seen, response) => {
        const queue = seen.query["watch"] === "true" ? remaining.watches : remaining.lists;
        const route = queue.length > 1 ? queue.shift() : queue[0];
        return route?.(seen, response);
      });
    },
    async watched(until, settings = {}) {
      const garden = await gardenAt({ server: server.url }, { retryMs: 1, pauseMs: 1, ...settings });
      return collect(garden.watchShoot(web, signal()), until);
    },
    watchedFrom: () =>
      server.requests.filter(({ query }) => query["watch"]).map(({ query }) => query["resourceVersion"]),
  };
}

export const listed = (resourceVersion: string, change = {}): Route =>
  json(listOf([shootObject({ resourceVersion, ...change })], resourceVersion));

export const modified = (resourceVersion: string) => ({
  type: "MODIFIED",
  object: shootObject({ resourceVersion }),
});

/** The resourceVersion of each Shoot, the kind of other events. */
export function described(events: readonly ShootEvent[]): readonly string[] {
  return events.map((event) => (event.kind === "seen" ? event.shoot.resourceVersion : event.kind));
}

export function versionsOf(events: readonly ShootEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "seen" ? [event.shoot.resourceVersion] : []));
}
