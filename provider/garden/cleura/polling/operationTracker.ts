/**
 * Whether Gardener has taken a write up, judged by the last operation alone: Cleura tells no
 * generations. Only times of the server are compared with each other, so that clocks may differ.
 *
 * An operation contains the change if it began after the write. One that begins after another was
 * seen to have ended, at the write or since, does; so does one whose progress falls back behind what
 * was seen. Of a success that follows an operation which ran at the write, nobody knows whether it is
 * that operation's own: gardenlet begins the next one within moments, so that a success that stands
 * for a while is the last.
 */
import type { LastOperation, Shoot } from "../../../model/shoot";

/** By our clock. */
export const STANDS_MS = 60_000;

export type OperationTracker =
  | {
      readonly kind: "waiting";
      /** The newest of what was seen, before the write and since. */
      readonly last: LastOperation | undefined;
      /** It began after the write; the one before it may have ended in the same second. */
      readonly begun?: boolean;
      /** A success that is no later is one from before. */
      readonly floor: number;
      /** Since when the last success has stood. */
      readonly standing?: Date;
    }
  | {
      readonly kind: "taken";
      /** What is told of later times contains the change. */
      readonly after: number;
    };

/** `before`: read right before the write; `answer`: what the write answered. */
export function trackOperation(before: Shoot, answer: Shoot): OperationTracker {
  const last = isStale(answer.lastOperation, before.lastOperation)
    ? before.lastOperation
    : answer.lastOperation;
  const ended = last !== undefined && isOver(last);
  return { kind: "waiting", last, floor: timeOf(ended ? last : before.lastOperation) };
}

/** `shown`: the specification is that of after the write. */
export function updateTracker(
  tracker: OperationTracker,
  seen: LastOperation | undefined,
  shown: boolean,
  now: Date,
): OperationTracker {
  if (tracker.kind === "taken" || seen === undefined || isStale(seen, tracker.last)) return tracker;
  const { last, floor } = tracker;
  // What begins before the change is seen may have begun before it was there.
  if (!shown) return { kind: "waiting", last: seen, floor };
  const moved = last !== undefined && timeOf(seen) > timeOf(last);
  if (moved && (isOver(last) || tracker.begun === true)) return { kind: "taken", after: timeOf(last) };
  const begun = moved ? isAnother(seen, last) : tracker.begun;
  if (seen.state !== "Succeeded" || timeOf(seen) <= floor) {
    return { kind: "waiting", last: seen, begun, floor };
  }
  const standing = (last?.state === "Succeeded" && !moved ? tracker.standing : undefined) ?? now;
  return now.getTime() - standing.getTime() >= STANDS_MS
    ? { kind: "taken", after: timeOf(seen) - 1 }
    : { kind: "waiting", last: seen, begun, floor, standing };
}

/** Whether what is told is of an operation that contains the change. */
export function contains(tracker: OperationTracker, response: LastOperation | undefined): boolean {
  return tracker.kind === "taken" && timeOf(response) > tracker.after;
}

/** Reads may go back behind what was seen: older, or of the same second and less far. */
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
