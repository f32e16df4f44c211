/**
 * Whether Gardener has observed a write, derived from the last operation alone: Cleura's API shows no
 * generations. Only times of the server are compared with each other, so that clocks may differ.
 *
 * An operation contains the change if it began after the write. One that begins after another was seen
 * to have ended, at the write or since, does; so does one whose progress falls back behind what was
 * seen. A success that follows an operation which ran at the write may be that operation's own:
 * gardenlet begins the next one within moments, so that a success that lasts for a while is the last.
 */
import type { LastOperation, Shoot } from "../../../model/shoot";

/** For how long such a success has to last, by our clock. */
const LASTING_MS = 60_000;
/** The same where no answer shows the operation at the write: a read may show the one from before it. */
const LASTING_UNCONFIRMED_MS = 5 * 60_000;

export type OperationTracker =
  | {
      readonly kind: "waiting";
      /** The newest that was seen, before the write and since. */
      readonly last: LastOperation | undefined;
      /** It began after the write; the one before it may have ended in the same second. */
      readonly begun?: boolean;
      /** A success that is not later than this time is one from before the write. */
      readonly floor: number;
      readonly lastingMs: number;
      /** Since when the same success has been seen. */
      readonly lastingSince?: Date;
    }
  | {
      readonly kind: "observed";
      /** Operations with later times contain the change. */
      readonly after: number;
    };

/** @param before read right before the write. @param answer the Shoot in the answer; absent: it was lost. */
export function trackOperation(before: Shoot, answer?: Shoot): OperationTracker {
  const earlier = before.lastOperation;
  const last =
    answer === undefined || isStale(answer.lastOperation, earlier) ? earlier : answer.lastOperation;
  const ended = last !== undefined && isOver(last);
  const lastingMs = answer === undefined ? LASTING_UNCONFIRMED_MS : LASTING_MS;
  return { kind: "waiting", last, floor: timeOf(ended ? last : earlier), lastingMs };
}

/** @param shown whether the spec has the change. */
export function updateTracker(
  tracker: OperationTracker,
  seen: LastOperation | undefined,
  shown: boolean,
  now: Date,
): OperationTracker {
  if (tracker.kind === "observed" || seen === undefined || isStale(seen, tracker.last)) return tracker;
  const { last, floor, lastingMs } = tracker;
  // What begins before the change is seen may have begun before the change was made.
  if (!shown) return { kind: "waiting", last: seen, floor, lastingMs };
  const moved = last !== undefined && timeOf(seen) > timeOf(last);
  if (moved && (isOver(last) || tracker.begun === true)) return { kind: "observed", after: timeOf(last) };
  const begun = moved ? isAnother(seen, last) : tracker.begun;
  const waiting = { kind: "waiting", last: seen, begun, floor, lastingMs } as const;
  if (seen.state !== "Succeeded" || timeOf(seen) <= floor) return waiting;
  const since = (last?.state === "Succeeded" && !moved ? tracker.lastingSince : undefined) ?? now;
  return now.getTime() - since.getTime() >= lastingMs
    ? { kind: "observed", after: timeOf(seen) - 1 }
    : { ...waiting, lastingSince: since };
}

/** Whether the operation contains the change. */
export function contains(tracker: OperationTracker, operation: LastOperation | undefined): boolean {
  return tracker.kind === "observed" && timeOf(operation) > tracker.after;
}

/** Reads may show an older state than an earlier read: an older time, or in the same second less progress. */
function isStale(seen: LastOperation | undefined, last: LastOperation | undefined): boolean {
  if (last === undefined) return false;
  if (seen === undefined || timeOf(seen) < timeOf(last)) return true;
  if (timeOf(seen) > timeOf(last) || isOver(seen)) return false;
  return isOver(last) || seen.progress < last.progress;
}

function isAnother(seen: LastOperation, last: LastOperation): boolean {
  return seen.type !== last.type || (!isOver(seen) && seen.progress < last.progress);
}

function isOver({ state }: LastOperation): boolean {
  return state !== "Processing" && state !== "Pending";
}

function timeOf(operation: LastOperation | undefined): number {
  return operation?.lastUpdateTime?.getTime() ?? -Infinity;
}
