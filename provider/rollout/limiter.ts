/**
 * Not everything at once: so many rollouts at a time, and nothing more is written after one has
 * failed. A rollout that is not waited for counts like any other for as long as it runs.
 */
import { UserError } from "../model/problem";
import { count } from "./text";

export interface RolloutLimiter {
  /** Runs the task when its turn comes; `label` is the cluster's name, `status` a line that replaces the one before. */
  run<T>(label: string, status: (text: string) => void, task: (turn: Turn) => Promise<T>): Promise<T>;
}

export interface Turn {
  /** Throws where another rollout has failed since the turn came. */
  assertMayWrite(): void;
  /** Keeps the place beyond the end of the task: the rollout goes on until then. A rejection is its failure. */
  keepUntil(completed: Promise<unknown>): void;
}

export function createRolloutLimiter(limit: number): RolloutLimiter {
  const queue: (() => void)[] = [];
  let running = 0;
  let failed: string | undefined;

  async function acquire(status: (text: string) => void): Promise<void> {
    if (running < limit && queue.length === 0) {
      running += 1;
      return;
    }
    status(
      `waiting for a turn: ${running === 1 ? "1 rollout is" : `${count(running, "rollout")} are`} running`,
    );
    // Whoever ends hands its turn over, so nobody can slip in between.
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
      const demandStart = (): void => assertNoFailure((other) => notStarted(label, other));
      demandStart();
      await acquire(status);
      let goesOn: Promise<unknown> | undefined;
      try {
        demandStart();
        return await task({
          assertMayWrite: () => assertNoFailure((other) => notWritten(label, other)),
          keepUntil: (completed) => void (goesOn = completed),
        });
      } catch (error) {
        failed ??= label;
        throw error;
      } finally {
        if (goesOn === undefined) release();
        else void goesOn.catch(() => void (failed ??= label)).finally(release);
      }
    },
  };
}

function notStarted(label: string, failed: string): UserError {
  return new UserError(
    "GU055",
    `${label}: not started, because the rollout of ${failed} failed. Nothing was written to ${label}. ` +
      `Mend ${failed} first, then run \`pulumi up\` again.`,
  );
}

function notWritten(label: string, failed: string): UserError {
  return new UserError(
    "GU055",
    `${label}: not written, because the rollout of ${failed} failed meanwhile. ` +
      `Mend ${failed} first, then run \`pulumi up\` again.`,
  );
}
