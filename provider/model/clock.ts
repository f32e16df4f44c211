/** The time and waiting for it; tests replace it. */

export interface Clock {
  now(): Date;
  /** Resolves when the time is over, at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay of setTimeout; a longer sleep ends early, and its caller sleeps again. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_TIMER));
      signal?.addEventListener("abort", wake, { once: true });
    }),
};
