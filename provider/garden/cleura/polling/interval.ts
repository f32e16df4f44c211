/**
 * When to read which Shoot. Reads of one are at least five seconds apart, so that there are never more
 * than twelve in a minute, and lists of all of them too; the end of a rollout is seen half an interval late
 * on average.
 */
import { pauseAfter } from "../../../model/backoff";
import type { Shoot } from "../../../model/shoot";

const MIN_INTERVAL_MS = 5_000;
const ROLLING_MS = 6_000;
const IDLE_MS = 15_000;
/** Shoots that are due within this time are read together with one that is due now. */
const BATCH_MS = MIN_INTERVAL_MS / 2;
/** While a person has to log in. */
export const LOGIN_MS = 30_000;
const FAILURE_BACKOFF = { firstMs: ROLLING_MS, longestMs: 30_000 };
const LONGEST_RETRY_AFTER_MS = 120_000;
/** For how long after a server was overloaded every Shoot is read at the longer interval. */
export const THROTTLED_MS = 120_000;

export interface PollState {
  readonly name: string;
  /** When the last read began; undefined: never. */
  readonly readAt?: number;
  /** As of the last read. */
  readonly shoot?: Shoot;
  /** A watcher waits for its first event, or the last read failed. */
  readonly awaited: boolean;
  /** It was not found, which a second read has to confirm. */
  readonly missing: boolean;
}

/** Gardener is reconciling, or about to; after an Error it waits for minutes. */
function isRolling({ generation, observedGeneration, lastOperation }: Shoot): boolean {
  const state = lastOperation?.state;
  if (state === "Processing" || state === "Pending") return true;
  return state === "Succeeded" && (observedGeneration ?? 0) < generation;
}

export function dueAt({ readAt, shoot, awaited, missing }: PollState, throttled: boolean): number {
  if (readAt === undefined) return -Infinity;
  if (awaited || missing) return readAt + MIN_INTERVAL_MS;
  return readAt + (!throttled && shoot !== undefined && isRolling(shoot) ? ROLLING_MS : IDLE_MS);
}

/**
 * Not within five seconds of the last repeated read: all Shoots that were read until then are due together
 * after it, and their reads remain one list. The first read of a Shoot is not delayed.
 * @param repeatedAt when the last read began of a Shoot that was read before.
 */
export function alignedDueAt(state: PollState, throttled: boolean, repeatedAt: number): number {
  if (state.readAt === undefined) return -Infinity;
  return Math.max(dueAt(state, throttled), repeatedAt + MIN_INTERVAL_MS);
}

/** Those to read now; empty if none is due. */
export function dueNow<State extends PollState>(
  states: readonly State[],
  now: number,
  throttled: boolean,
  repeatedAt: number,
): readonly State[] {
  if (!states.some((state) => alignedDueAt(state, throttled, repeatedAt) <= now)) return [];
  const oldEnough = ({ readAt = -Infinity }: State) => now >= readAt + MIN_INTERVAL_MS;
  return states.filter((state) => dueAt(state, throttled) <= now + BATCH_MS && oldEnough(state));
}

/** @param failures in a row. @param retryAfterMs as requested by the server. */
export function pauseAfterFailures(failures: number, retryAfterMs = 0): number {
  return Math.max(pauseAfter(failures, FAILURE_BACKOFF), Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
}
