/**
 * Limits how many rollouts run at once; after one has failed nothing more is written. A rollout that is
 * not awaited counts like any other for as long as it runs.
 */
import { UserError } from "../model/problem";
import { count } from "../model/text";

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

export function createRolloutLimiter(limit: number): RolloutLimiter {
  const queue: (() => void)[] = [];
  let running = 0;
  let failed: string | undefined;

  async function acquire(status: (text: string) => void): Promise<void> {
    if (running < limit) {
      running += 1;
      return;
    }
    const rollouts = running === 1 ? "1 other rollout is" : `${count(running, "other rollout")} are`;
    status(`waiting: ${rollouts} running (gardener:maxConcurrentRollouts)`);
    // A rollout that ends starts the next one itself, so none can start in between.
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  function release(): void {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  function assertNoFailure(refuse: (failed: string) => UserError): void {
    if (failed !== undefined) throw refuse(failed);
  }

  return {
    async run(label, status, task) {
      const assertMayStart = (): void => assertNoFailure((other) => notStarted(label, other));
      assertMayStart();
      await acquire(status);
      let continuation: Promise<unknown> | undefined;
      try {
        assertMayStart();
        return await task({
          assertMayWrite: () => assertNoFailure((other) => notWritten(label, other)),
          keepUntil: (completed) => void (continuation = completed),
        });
      } catch (error) {
        failed ??= label;
        throw error;
      } finally {
        if (continuation === undefined) release();
        else void continuation.catch(() => void (failed ??= label)).finally(release);
      }
    },
  };
}

function notStarted(label: string, failed: string): UserError {
  return new UserError(
    "GU055",
    `${label}: not started, because the rollout of ${failed} failed. Nothing was written to ${label}. ` +
      `Fix ${failed} first, then run \`pulumi up\` again.`,
  );
}

function notWritten(label: string, failed: string): UserError {
  return new UserError(
    "GU055",
    `${label}: not written, because the rollout of ${failed} failed meanwhile. ` +
      `Fix ${failed} first, then run \`pulumi up\` again.`,
  );
}
