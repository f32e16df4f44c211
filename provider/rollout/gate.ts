/** Not everything at once: so many rollouts at a time, and none that starts after one has failed. */
import { UserError } from "../model/problem";
import { count } from "./text";

export interface Gate {
  /** Runs the task when its turn comes; `label` is the cluster's name, `status` a line that replaces the one before. */
  run<T>(label: string, status: (text: string) => void, task: () => Promise<T>): Promise<T>;
}

export function createGate(limit: number): Gate {
  const queue: (() => void)[] = [];
  let running = 0;
  let failed: string | undefined;

  async function turn(status: (text: string) => void): Promise<void> {
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

  function pass(): void {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  function demandNoFailure(label: string): void {
    if (failed !== undefined) throw notStarted(label, failed);
  }

  return {
    async run(label, status, task) {
      demandNoFailure(label);
      await turn(status);
      try {
        demandNoFailure(label);
        return await task();
      } catch (error) {
        failed ??= label;
        throw error;
      } finally {
        pass();
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
