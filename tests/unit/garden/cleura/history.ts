/**
 * The operations of a Shoot around a write, one after another, and what a read returns of them at
 * a time. In milliseconds of the server's clock.
 */
import fc from "fast-check";
import type { Change } from "../../../../provider/model/plan";
import type { LastOperation, Shoot } from "../../../../provider/model/shoot";
import { aShoot } from "../../builders";

export interface Operation {
  readonly begin: number;
  readonly end: number;
  readonly state: "Succeeded" | "Error";
}

export interface History {
  /** By their begin; the first has ended before the first read. */
  readonly operations: readonly Operation[];
  readonly write: number;
  /** Reads from the write to here show what was so at the write. */
  readonly staleUntil: number;
  /** The specification, too. */
  readonly staleSpec: boolean;
  /** Every other second a read goes to a server that knows what is so. */
  readonly flapping: boolean;
  /** End of the first success of an operation that began after the write. */
  readonly done: number;
}

export const FROM = "1.33.4";
export const TO = "1.33.7";

/** The write that the histories contain. */
export const change: Change = {
  shoot: aShoot().ref,
  uid: aShoot().uid,
  resourceVersion: "1000",
  kubernetesVersion: TO,
  workers: [],
};

const seconds = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) });

const attempt = fc.record({ lasts: seconds(2, 900), pause: seconds(1, 120) });

/** Gardener begins the next operation within moments where a change waits. */
const moments = seconds(0, 30);

const nightly = fc.record({
  /** Before the write. */
  begin: fc.oneof(seconds(0, 3), seconds(0, 900)),
  lasts: seconds(2, 900),
  fails: fc.boolean(),
});

export const histories: fc.Arbitrary<History> = fc
  .record({
    start: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_010_000 }),
    rested: fc.oneof(seconds(0, 5), seconds(0, 3600)),
    nightly: fc.option(nightly, { nil: undefined }),
    taken: moments,
    failures: fc.array(attempt, { maxLength: 3 }),
    lasts: seconds(2, 1800),
    later: fc.option(fc.record({ after: seconds(1, 600), lasts: seconds(2, 300) }), { nil: undefined }),
    stale: fc.option(seconds(0, 90), { nil: undefined }),
    staleSpec: fc.boolean(),
    flapping: fc.boolean(),
  })
  .map((given) => {
    const write = given.start + 3_600_000;
    const operations: Operation[] = [];
    let free = write;
    if (given.nightly === undefined) {
      operations.push({ begin: write - 7_200_000, end: write - given.rested, state: "Succeeded" });
    } else {
      const begin = write - given.nightly.begin;
      const end = begin + given.nightly.lasts;
      const state = given.nightly.fails ? "Error" : "Succeeded";
      operations.push({ begin: begin - 7_200_000, end: begin - 1000 - given.rested, state: "Succeeded" });
      operations.push({ begin, end, state });
      free = Math.max(write, end);
    }
    let next = free + given.taken;
    for (const { lasts, pause } of given.failures) {
      operations.push({ begin: next, end: next + lasts, state: "Error" });
      next += lasts + pause;
    }
    const done = next + given.lasts;
    operations.push({ begin: next, end: done, state: "Succeeded" });
    if (given.later !== undefined) {
      const begin = done + given.later.after;
      operations.push({ begin, end: begin + given.later.lasts, state: "Succeeded" });
    }
    const { staleSpec, flapping, stale = 0 } = given;
    return { operations, write, staleUntil: write + stale, staleSpec, flapping, done };
  });

/** How often a running operation tells of itself. */
const TICK_MS = 3_000;

export function operationAt({ operations }: History, time: number): LastOperation {
  const current = operations.findLast((one) => one.begin <= time);
  if (current === undefined) throw new Error("A read before the first operation");
  const { begin, end, state } = current;
  const operation = { type: "Reconcile", description: "" } as const;
  if (time >= end) {
    return { ...operation, state, progress: state === "Succeeded" ? 100 : 90, lastUpdateTime: whole(end) };
  }
  const ticks = Math.floor((time - begin) / TICK_MS);
  const progress = Math.min(99, Math.floor((100 * ticks * TICK_MS) / (end - begin)));
  return { ...operation, state: "Processing", progress, lastUpdateTime: whole(begin + ticks * TICK_MS) };
}

/** What a read returns; at the moment of the write, its response. */
export function shownAt(history: History, time: number): Shoot {
  const fresh = history.flapping && Math.floor(time / 1000) % 2 === 1;
  const stale = time >= history.write && time < history.staleUntil && !fresh;
  const spec = stale && history.staleSpec ? history.write - 1 : time;
  return aShoot({
    generation: 0,
    observedGeneration: 0,
    kubernetesVersion: spec >= history.write ? TO : FROM,
    lastOperation: operationAt(history, stale ? history.write : time),
  });
}

/** Times of the API have whole seconds. */
function whole(time: number): Date {
  return new Date(Math.floor(time / 1000) * 1000);
}
