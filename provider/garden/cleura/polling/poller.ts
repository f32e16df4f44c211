/**
 * Watches where nothing is announced: one poller for all Shoots of a garden, that looks at one by
 * itself and at several in one list.
 */
import { createAsyncQueue, type AsyncQueue } from "../../../model/queue";
import type { Clock } from "../../../model/clock";
import type { Shoot, ShootRef } from "../../../model/shoot";
import type { ShootEvent } from "../../garden";
import { CALM_MS, dueAt, dueNow, pauseAfter, type PollState } from "./interval";

/** What a look came to. */
export type FetchResult =
  /** By name; absent names do not exist. */
  | { readonly kind: "seen"; readonly shoots: ReadonlyMap<string, Shoot | Unusable> }
  | {
      readonly kind: "failed";
      readonly message: string;
      /** Not before. */
      readonly pauseMs?: number;
      /** It asks for fewer requests. */
      readonly overloaded?: boolean;
    };

/** What is told of one Shoot makes no sense; that of others may. */
export interface Unusable {
  readonly error: unknown;
}

/** Throws what no waiting mends. */
export interface ShootFetcher {
  fetchShoot(name: string): Promise<FetchResult>;
  /** One request, whatever the number of names. */
  fetchShoots(names: readonly string[]): Promise<FetchResult>;
}

export interface Poller {
  watch(ref: ShootRef, signal: AbortSignal): AsyncGenerator<ShootEvent>;
  /** News that came by another way. */
  update(shoot: Shoot): void;
}

interface Watcher {
  readonly queue: AsyncQueue<ShootEvent | { readonly kind: "broken"; readonly error: unknown }>;
  told?: string;
}

interface Entry extends PollState {
  lookedAt?: number;
  shoot?: Shoot;
  wanted: boolean;
  missing: boolean;
  readonly watchers: Set<Watcher>;
}

export function createPoller(eyes: ShootFetcher, clock: Clock): Poller {
  const entries = new Map<string, Entry>();
  const trouble = { failures: 0, until: -Infinity, calmUntil: -Infinity, message: "" };
  let nudge = new AbortController();
  let running = false;

  const now = (): number => clock.now().getTime();
  const isCalm = (): boolean => now() < trouble.calmUntil;
  const watched = (): readonly Entry[] => [...entries.values()].filter(({ watchers }) => watchers.size > 0);

  function entryOf(name: string): Entry {
    const known = entries.get(name) ?? { name, wanted: false, missing: false, watchers: new Set() };
    entries.set(name, known);
    return known;
  }

  function learn(shoot: Shoot): void {
    const entry = entryOf(shoot.ref.name);
    Object.assign(entry, { lookedAt: now(), shoot, wanted: false, missing: false });
    for (const watcher of entry.watchers) tell(watcher, { kind: "seen", shoot });
  }

  function learnMissing(entry: Entry): void {
    if (!entry.missing) {
      entry.missing = true;
      return;
    }
    Object.assign(entry, { shoot: undefined, missing: false });
    for (const watcher of entry.watchers) tell(watcher, { kind: "gone" });
  }

  async function look(due: readonly Entry[]): Promise<void> {
    const began = now();
    for (const entry of due) {
      entry.lookedAt = began;
      entry.wanted = false;
    }
    const names = due.map(({ name }) => name);
    const [first] = due;
    // The list tells a Shoot that is gone from a project that is not found.
    const alone = first !== undefined && due.length === 1 && !first.missing;
    const seen = alone ? await eyes.fetchShoot(first.name) : await eyes.fetchShoots(names);
    if (seen.kind === "failed") {
      for (const entry of due) entry.wanted = true;
      return fail(seen);
    }
    trouble.failures = 0;
    for (const entry of due) {
      const shoot = seen.shoots.get(entry.name);
      if (shoot === undefined) learnMissing(entry);
      else if ("error" in shoot) breakOff(entry, shoot.error);
      else {
        Object.assign(entry, { shoot, missing: false });
        for (const watcher of entry.watchers) tell(watcher, { kind: "seen", shoot });
      }
    }
  }

  function breakOff({ watchers }: Entry, error: unknown): void {
    for (const { queue } of watchers) queue.send({ kind: "broken", error });
    watchers.clear();
  }

  function fail({ message, pauseMs, overloaded }: Extract<FetchResult, { kind: "failed" }>): void {
    trouble.failures += 1;
    trouble.message = message;
    trouble.until = now() + pauseAfter(trouble.failures, pauseMs);
    if (overloaded === true) trouble.calmUntil = trouble.until + CALM_MS;
    for (const { watchers } of watched()) {
      for (const watcher of watchers) tell(watcher, { kind: "interrupted", message });
    }
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (watched().length > 0) {
        const due = now() < trouble.until ? [] : dueNow(watched(), now(), isCalm());
        if (due.length > 0) await look(due);
        else await rest();
      }
    } catch (error) {
      for (const entry of watched()) breakOff(entry, error);
    } finally {
      running = false;
    }
  }

  async function rest(): Promise<void> {
    nudge = new AbortController();
    const next = Math.min(...watched().map((entry) => dueAt(entry, isCalm())));
    await clock.sleep(Math.max(next, trouble.until) - now(), nudge.signal);
  }

  function join(entry: Entry, watcher: Watcher): void {
    entry.watchers.add(watcher);
    const { shoot } = entry;
    const fresh = shoot !== undefined && !entry.missing && now() < dueAt(entry, isCalm());
    if (fresh) tell(watcher, { kind: "seen", shoot });
    else entry.wanted = true;
    if (now() < trouble.until) tell(watcher, { kind: "interrupted", message: trouble.message });
    if (running) nudge.abort();
    else void run();
  }

  return {
    update: learn,
    async *watch({ name }, signal) {
      if (signal.aborted) return;
      const entry = entryOf(name);
      const watcher: Watcher = { queue: createAsyncQueue() };
      join(entry, watcher);
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
        nudge.abort();
      }
    },
  };
}

/** Only what differs from what was told last. */
function tell(watcher: Watcher, event: ShootEvent): void {
  const text = JSON.stringify(event);
  if (text === watcher.told) return;
  watcher.told = text;
  watcher.queue.send(event);
}
