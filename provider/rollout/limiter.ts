/**
 * Limits how many rollouts run at once; after more have failed than are allowed nothing more is written. A rollout
 * that is not awaited counts like any other for as long as it runs.
 */
import { createLimit } from "../model/limit";
import { UserError } from "../model/problem";
import { count, list } from "../model/text";

export interface RolloutLimiter {
  /**
   * Runs the task once fewer rollouts run than the limit allows, in the order of the calls.
   * @param label the cluster's name. @param status shows a line that replaces the one before.
   */
  run<T>(label: string, status: (text: string) => void, task: (turn: Turn) => Promise<T>): Promise<T>;
}

export interface Turn {
  /** Throws where another rollout has failed since the task was started. */
  assertMayWrite(): void;
  /** The rollout continues beyond the end of the task, and counts until then. A rejection is its failure. */
  keepUntil(completed: Promise<unknown>): void;
}

/** @param allowedFailures how many rollouts may fail before no further one is started; asked at each failure. */
export function createRolloutLimiter(limit: number, allowedFailures: () => number = () => 0): RolloutLimiter {
  const { acquire, release } = createLimit(limit);
  const failed: string[] = [];

  function assertFewFailures(refuse: (failed: readonly string[]) => UserError): void {
    if (failed.length > allowedFailures()) throw refuse(failed);
  }

  function fail(label: string, error: unknown): void {
    if (!isStoppedByOthers(error)) failed.push(label);
  }

  return {
    async run(label, status, task) {
      const assertMayStart = (): void => assertFewFailures((other) => notStarted(label, other));
      assertMayStart();
      await acquire((running) => {
        const rollouts = running === 1 ? "1 other rollout is" : `${count(running, "other rollout")} are`;
        status(`waiting: ${rollouts} running (gardener:maxConcurrentRollouts)`);
      });
      let continuation: Promise<unknown> | undefined;
      try {
        assertMayStart();
        return await task({
          assertMayWrite: () => assertFewFailures((other) => notWritten(label, other)),
          keepUntil: (completed) => void (continuation = completed),
        });
      } catch (error) {
        fail(label, error);
        throw error;
      } finally {
        if (continuation === undefined) release();
        else void continuation.catch((error: unknown) => fail(label, error)).finally(release);
      }
    },
  };
}

/** Not started, or not continued, because of others: no failure of its own. */
export function isStoppedByOthers(error: unknown): boolean {
  return error instanceof UserError && error.code === "GU055";
}

function notStarted(label: string, failed: readonly string[]): UserError {
  return new UserError(
    "GU055",
    `${label}: not started, because ${rolloutsOf(failed)} failed. Nothing was written to ${label}. ` +
      `Fix ${list(failed)} first, then run \`pulumi up\` again.`,
  );
}

function notWritten(label: string, failed: readonly string[]): UserError {
  return new UserError(
    "GU055",
    `${label}: not written, because ${rolloutsOf(failed)} failed meanwhile. ` +
      `Fix ${list(failed)} first, then run \`pulumi up\` again.`,
  );
}

function rolloutsOf(failed: readonly string[]): string {
  return `the ${failed.length === 1 ? "rollout" : "rollouts"} of ${list(failed)}`;
}
