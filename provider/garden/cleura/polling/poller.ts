/**
 * Watches for an API that has none: one poller for all Shoots of a garden, which reads one Shoot by
 * itself and several in one list.
 */
import { createAsyncQueue, type AsyncQueue } from "../../../model/queue";
import type { Clock } from "../../../model/clock";
import type { Shoot, ShootRef } from "../../../model/shoot";
import type { ShootEvent } from "../../garden";
import { dueAt, dueNow, pauseAfterFailures, THROTTLED_MS, type PollState } from "./interval";

export type FetchResult =
  /** By name; a Shoot that is absent does not exist. */
  | { readonly kind: "fetched"; readonly shoots: ReadonlyMap<string, Shoot | Undecodable> }
  | {
      readonly kind: "failed";
      readonly message: string;
      /** The shortest pause before the next read. */
      readonly pauseMs?: number;
      /** The server requests a lower rate. */
      readonly overloaded?: boolean;
    };

/** The answer for one Shoot cannot be decoded; those for others can. */
export interface Undecodable {
  readonly error: unknown;
}

/** Throws what no waiting can fix. */
export interface ShootFetcher {
  fetchShoot(name: string): Promise<FetchResult>;
  /** One request, whatever the number of names. */
  fetchShoots(names: readonly string[]): Promise<FetchResult>;
}

export interface Poller {
  watch(ref: ShootRef, signal: AbortSignal): AsyncGenerator<ShootEvent>;
  /** A newer state that another request returned. */
  update(shoot: Shoot): void;
}

interface Watcher {
  readonly queue: AsyncQueue<ShootEvent | { readonly kind: "broken"; readonly error: unknown }>;
  lastSent?: string;
}

interface Entry extends PollState {
  readAt?: number;
  shoot?: Shoot;
  awaited: boolean;
  missing: boolean;
  readonly watchers: Set<Watcher>;
}

export function createPoller(fetcher: ShootFetcher, clock: Clock): Poller {
  const entries = new Map<string, Entry>();
  const outage = { failures: 0, until: -Infinity, throttledUntil: -Infinity, message: "" };
  let wake = new AbortController();
  let running = false;

  const now = (): number => clock.now().getTime();
  const isThrottled = (): boolean => now() < outage.throttledUntil;
  const watched = (): readonly Entry[] => [...entries.values()].filter(({ watchers }) => watchers.size > 0);

  function entryOf(name: string): Entry {
    const known = entries.get(name) ?? { name, awaited: false, missing: false, watchers: new Set() };
    entries.set(name, known);
    return known;
  }

  async function read(due: readonly Entry[]): Promise<void> {
    const began = now();
    for (const entry of due) {
      entry.readAt = began;
      entry.awaited = false;
    }
    const [first] = due;
    // Only the list distinguishes a deleted Shoot from an unknown project.
    const single = first !== undefined && due.length === 1 && !first.missing;
    const result = single
      ? await fetcher.fetchShoot(first.name)
      : await fetcher.fetchShoots(due.map(({ name }) => name));
    if (result.kind === "failed") {
      for (const entry of due) entry.awaited = true;
      return interrupt(result);
    }
    outage.failures = 0;
    for (const entry of due) publish(entry, result.shoots.get(entry.name));
  }

  function publish(entry: Entry, shoot: Shoot | Undecodable | undefined): void {
    if (shoot === undefined) return publishMissing(entry);
    if ("error" in shoot) return breakOff(entry, shoot.error);
    Object.assign(entry, { shoot, missing: false });
    for (const watcher of entry.watchers) send(watcher, { kind: "seen", shoot });
  }

  function publishMissing(entry: Entry): void {
    if (!entry.missing) {
      entry.missing = true;
      return;
    }
    Object.assign(entry, { shoot: undefined, missing: false });
    for (const watcher of entry.watchers) send(watcher, { kind: "gone" });
  }

  function breakOff({ watchers }: Entry, error: unknown): void {
    for (const { queue } of watchers) queue.send({ kind: "broken", error });
    watchers.clear();
  }

  function interrupt({ message, pauseMs, overloaded }: Extract<FetchResult, { kind: "failed" }>): void {
    outage.failures += 1;
    outage.message = message;
    outage.until = now() + pauseAfterFailures(outage.failures, pauseMs);
    if (overloaded === true) outage.throttledUntil = outage.until + THROTTLED_MS;
    for (const { watchers } of watched()) {
      for (const watcher of watchers) send(watcher, { kind: "interrupted", message });
    }
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (watched().length > 0) {
        const due = now() < outage.until ? [] : dueNow(watched(), now(), isThrottled());
        if (due.length > 0) await read(due);
        else await sleepUntilDue();
      }
    } catch (error) {
      for (const entry of watched()) breakOff(entry, error);
    } finally {
      running = false;
    }
  }

  async function sleepUntilDue(): Promise<void> {
    wake = new AbortController();
    const next = Math.min(...watched().map((entry) => dueAt(entry, isThrottled())));
    await clock.sleep(Math.max(next, outage.until) - now(), wake.signal);
  }

  function add(entry: Entry, watcher: Watcher): void {
    entry.watchers.add(watcher);
    const { shoot } = entry;
    const fresh = shoot !== undefined && !entry.missing && now() < dueAt(entry, isThrottled());
    if (fresh) send(watcher, { kind: "seen", shoot });
    else entry.awaited = true;
    if (now() < outage.until) send(watcher, { kind: "interrupted", message: outage.message });
    if (running) wake.abort();
    else void run();
  }

  return {
    update(shoot) {
      const entry = entryOf(shoot.ref.name);
      Object.assign(entry, { readAt: now(), awaited: false });
      publish(entry, shoot);
    },
    async *watch({ name }, signal) {
      if (signal.aborted) return;
      const entry = entryOf(name);
      const watcher: Watcher = { queue: createAsyncQueue() };
      add(entry, watcher);
      try {
        for (;;) {
          const event = await watcher.queue.receive(signal);
          if (event === undefined) return;
          if (event.kind === "broken") throw event.error;
          yield event;
          if (event.kind === "gone") return;
        }
      } finally {
        entry.watchers.delete(watcher);
        wake.abort();
      }
    },
  };
}

/** Only an event that differs from the last one. */
function send(watcher: Watcher, event: ShootEvent): void {
  const text = JSON.stringify(event);
  if (text === watcher.lastSent) return;
  watcher.lastSent = text;
  watcher.queue.send(event);
}
