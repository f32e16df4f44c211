/** Limits how many tasks run at once. */

export interface Limit {
  /**
   * Resolves once fewer run than the limit allows, in the order of the calls.
   * @param onWait called with how many run, where it does not resolve at once.
   */
  acquire(onWait?: (running: number) => void): Promise<void>;
  release(): void;
  /** Of all that wait now. */
  reject(reason: unknown): void;
}

export function createLimit(most: number): Limit {
  const queue: { readonly start: () => void; readonly reject: (reason: unknown) => void }[] = [];
  let running = 0;
  return {
    async acquire(onWait) {
      if (running < most) {
        running += 1;
        return;
      }
      onWait?.(running);
      // A release passes its place to the next one, so none can start in between.
      await new Promise<void>((start, reject) => queue.push({ start, reject }));
    },
    release() {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next.start();
    },
    reject(reason) {
      for (const waiting of queue.splice(0)) waiting.reject(reason);
    },
  };
}
