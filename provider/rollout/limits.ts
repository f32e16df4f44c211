/** The time limits of a wait: `rollout.progressDeadline`, and `rollout.timeout` where it is set. */
import type { RolloutOptions } from "../model/declaration";
import type { AwakeTime } from "./suspension";
import { spell } from "../model/duration";

export interface ExceededLimit {
  readonly code: "GU054" | "GU057";
  /** `2h 30m (rollout.progressDeadline)` */
  readonly text: string;
}

export interface TimeLimits {
  /** Something has changed: the progress deadline starts again. */
  progressed(): void;
  exceeded(): ExceededLimit | undefined;
  /** On the clock, when the first of them is exceeded without progress. */
  exceededAt(): Date;
}

/** @param stepStart the start of the step, from which the timeout counts. */
export function createTimeLimits(
  time: AwakeTime,
  { progressDeadlineMs, timeoutMs }: Pick<RolloutOptions, "progressDeadlineMs" | "timeoutMs">,
  stepStart: Date,
): TimeLimits {
  let lastProgress = time.now();
  const timeoutAt = timeoutMs === undefined ? undefined : new Date(stepStart.getTime() + timeoutMs);

  return {
    progressed() {
      lastProgress = time.now();
    },
    exceeded() {
      if (timeoutMs !== undefined && timeoutAt !== undefined && time.isReached(timeoutAt)) {
        return { code: "GU057", text: `${spell(timeoutMs)} (rollout.timeout)` };
      }
      if (!time.hasElapsed(lastProgress, progressDeadlineMs)) return undefined;
      return { code: "GU054", text: `${spell(progressDeadlineMs)} (rollout.progressDeadline)` };
    },
    exceededAt() {
      const stalledAt = time.elapsesAt(lastProgress, progressDeadlineMs);
      if (timeoutAt === undefined) return stalledAt;
      return new Date(Math.min(stalledAt.getTime(), time.reachedAt(timeoutAt).getTime()));
    },
  };
}
