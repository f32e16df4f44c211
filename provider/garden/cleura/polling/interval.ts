/**
 * When to look at which Shoot. Looks at one are at least five seconds apart, so that there are never
 * more than twelve in a minute; while a Shoot rolls, half the pace is how late its end is seen.
 */
import type { Shoot } from "../../../model/shoot";

export const SPACING_MS = 5_000;
export const ROLLING_MS = 6_000;
export const RESTING_MS = 15_000;
/** Looks that are due that soon go along with one that is due now. */
const TOGETHER_MS = SPACING_MS / 2;
/** For whom a person has to log in. */
export const LOGIN_MS = 30_000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_ASKED_MS = 120_000;
/** For how long after a server was overloaded nothing is looked at often. */
export const CALM_MS = 120_000;

export interface PollState {
  readonly name: string;
  /** The last look began then; undefined: never. */
  readonly lookedAt?: number;
  /** As it was last told. */
  readonly shoot?: Shoot;
  /** Somebody waits for the first news. */
  readonly wanted: boolean;
  /** It was not found, which another look shall confirm. */
  readonly missing: boolean;
}

/** Gardener is at work, or about to be: an Error is waited out for minutes. */
function isRolling({ generation, observedGeneration, lastOperation }: Shoot): boolean {
  const state = lastOperation?.state;
  if (state === "Processing" || state === "Pending") return true;
  return state === "Succeeded" && (observedGeneration ?? 0) < generation;
}

export function dueAt({ lookedAt, shoot, wanted, missing }: PollState, calm: boolean): number {
  if (lookedAt === undefined) return -Infinity;
  if (wanted || missing) return lookedAt + SPACING_MS;
  return lookedAt + (!calm && shoot !== undefined && isRolling(shoot) ? ROLLING_MS : RESTING_MS);
}

/** Those to look at now; empty where nothing is due. */
export function dueNow<Entry extends PollState>(
  entries: readonly Entry[],
  now: number,
  calm: boolean,
): readonly Entry[] {
  const due = (until: number) => entries.filter((entry) => dueAt(entry, calm) <= until);
  if (due(now).length === 0) return [];
  return due(now + TOGETHER_MS).filter(({ lookedAt = -Infinity }) => now >= lookedAt + SPACING_MS);
}

/** After so many failures in a row; the server may have asked for a pause. */
export function pauseAfter(failures: number, askedMs = 0): number {
  const own = Math.min(ROLLING_MS * 2 ** Math.min(failures - 1, 5), LONGEST_PAUSE_MS);
  return Math.max(own, Math.min(askedMs, LONGEST_ASKED_MS));
}
