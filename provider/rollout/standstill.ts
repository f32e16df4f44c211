/** Finds out why a drain stands still, as soon as nothing has changed for a while, and again while that lasts. */
import type { AsyncQueue } from "../model/queue";
import type { Shoot } from "../model/shoot";
import type { AwakeTime } from "./suspension";
import type { RolloutContext } from "./types";
import type { Update } from "./updates";

/** Nodes change every few minutes in a rollout that proceeds. */
const STANDSTILL_MS = 5 * 60_000;

export interface StandstillObserver {
  /** Something has changed. */
  progressed(): void;
  /** Nothing has changed since. @param nodes names of those that are waited for. */
  unchanged(shoot: Shoot, nodes: readonly string[]): void;
}

export function createStandstillObserver(
  { explain }: RolloutContext,
  time: AwakeTime,
  updates: AsyncQueue<Update>,
  progressDeadlineMs: number,
): StandstillObserver {
  // In time for the message of the deadline.
  const standstillMs = Math.min(STANDSTILL_MS, progressDeadlineMs / 2);
  let since = time.now();
  let asking = false;

  return {
    progressed() {
      since = time.now();
    },
    unchanged(shoot, nodes) {
      if (explain === undefined || asking || nodes.length === 0 || !time.hasElapsed(since, standstillMs))
        return;
      asking = true;
      since = time.now();
      // It only adds to what is shown: where it fails, the rollout is awaited all the same.
      void explain(shoot, nodes)
        .catch(() => undefined)
        .then((cause) => {
          asking = false;
          updates.send({ kind: "explained", cause });
        });
    },
  };
}
