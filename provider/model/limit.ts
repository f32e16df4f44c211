/** How many of a kind run at once. */

export interface Limit {
  /**
   * Resolves once fewer run than the limit allows, in the order of the calls.
   * @param onWait called with how many run, where it does not resolve at once.
   */
  acquire(onWait?: (running: number) => void): Promise<void>;
  release(): void;
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
      // What ends starts the next one itself, so none can start in between.
      await new Promise<void>((resolve) => queue.push(resolve));
    },
    release() {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    },
  };
}
