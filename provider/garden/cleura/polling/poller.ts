/** Watches for an API that has none: one poller for all Shoots of a garden. */
import type { Clock } from "../../../model/clock";
import type { Shoot, ShootRef } from "../../../model/shoot";
import type { ShootEvent } from "../../garden";
import type { ShootFetcher } from "./fetchResult";
import { dueAt } from "./interval";
import { createOutage } from "./outage";
import { createReadLoop } from "./readLoop";
import {
  createWatchedShoot,
  createWatcher,
  eventsOf,
  publish,
  send,
  type WatchedShoot,
  type Watcher,
} from "./watchedShoot";

export interface Poller {
  watch(ref: ShootRef, signal: AbortSignal): AsyncGenerator<ShootEvent>;
  /** A newer state that another request returned. */
  update(shoot: Shoot): void;
}

export function createPoller(fetcher: ShootFetcher, clock: Clock): Poller {
  const shoots = new Map<string, WatchedShoot>();
  const outage = createOutage(clock);
  const watched = () => [...shoots.values()].filter(({ watchers }) => watchers.size > 0);
  const loop = createReadLoop(watched, fetcher, outage, clock);
  const now = (): number => clock.now().getTime();

  function shootNamed(name: string): WatchedShoot {
    const known = shoots.get(name) ?? createWatchedShoot(name);
    shoots.set(name, known);
    return known;
  }

  function add(entry: WatchedShoot, watcher: Watcher): void {
    entry.watchers.add(watcher);
    const { shoot } = entry;
    const fresh = shoot !== undefined && !entry.missing && now() < dueAt(entry, outage.isThrottled());
    if (fresh) send(watcher, { kind: "seen", shoot });
    else entry.awaited = true;
    const interruption = outage.message();
    if (interruption !== undefined) send(watcher, { kind: "interrupted", message: interruption });
    loop.changed();
  }

  return {
    update(shoot) {
      const entry = shootNamed(shoot.ref.name);
      Object.assign(entry, { readAt: now(), awaited: false });
      publish(entry, shoot);
    },
    async *watch({ name }, signal) {
      if (signal.aborted) return;
      const entry = shootNamed(name);
      const watcher = createWatcher();
      add(entry, watcher);
      try {
        yield* eventsOf(watcher, signal);
      } finally {
        entry.watchers.delete(watcher);
        loop.changed();
      }
    },
  };
}
