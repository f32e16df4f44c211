/** A clock that advances only when a test advances it. */
import type { Clock } from "../../../provider/model/clock";

export interface FakeClock extends Clock {
  /** Moves on, waking every sleeper at its time and letting it act. */
  advance(ms: number): Promise<void>;
  /** The machine is suspended: the clock advances, timers do not. */
  suspend(ms: number): void;
  sleepers(): number;
}

/** Lets everything run that can run without time passing: one macrotask comes after all promises. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function fakeClock(start = new Date("2026-11-23T10:00:00Z")): FakeClock {
  let now = start.getTime();
  const sleeping = new Set<{ until: number; wake(): void }>();
  return {
    now: () => new Date(now),
    suspend(ms) {
      now += ms;
      sleeping.forEach((sleeper) => (sleeper.until += ms));
    },
    sleepers: () => sleeping.size,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || ms <= 0) {
          resolve();
          return;
        }
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleeping.delete(sleeper);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      await quiet();
      for (;;) {
        const next = [...sleeping].sort((a, b) => a.until - b.until)[0];
        if (next === undefined || next.until > end) break;
        now = next.until;
        next.wake();
        await quiet();
      }
      now = end;
      await quiet();
    },
  };
}
