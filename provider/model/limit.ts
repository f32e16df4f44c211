/** Limits how many tasks run at once. */

export interface Limit {
  /**
   * Resolves once fewer run than the limit allows, in the order of the calls.
   * @param onWait called with how many run, where it does not resolve at once.
   */
  acquire(onWait?: (running: number) => void): Promise<void>;
  release(): void;
  /** Lets all that wait now start, beyond the limit. */
  startAll(): void;
}

export function createLimit(most: number): Limit {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    async acquire(onWait) {
      if (running < most) {
        running += 1;
        return;
      }
      onWait?.(running);
      // A release passes its place to the next one, so none can start in between.
      await new Promise<void>((resolve) => queue.push(resolve));
    },
    release() {
      const next = running > most ? undefined : queue.shift();
      if (next === undefined) running -= 1;
      else next();
    },
    startAll() {
      running += queue.length;
      for (const start of queue.splice(0)) start();
    },
  };
}
