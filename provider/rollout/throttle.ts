/** Limits how often a status line is shown: a user has to read it, and a pipeline logs each one. */
import type { Clock } from "../model/clock";

const INTERVAL_MS = 3_000;

export interface StatusThrottle {
  show(text: string): void;
  /** Shows what has not been shown yet; leaves no timer. */
  flush(): void;
}

export function createStatusThrottle(
  clock: Clock,
  output: (text: string) => void,
  intervalMs = INTERVAL_MS,
): StatusThrottle {
  let shown: string | undefined;
  let waiting: string | undefined;
  let next = Number.NEGATIVE_INFINITY;
  let timer: AbortController | undefined;

  function showNow(text: string): void {
    waiting = undefined;
    if (text === shown) return;
    shown = text;
    next = clock.now().getTime() + intervalMs;
    output(text);
  }

  async function showLater(): Promise<void> {
    const controller = new AbortController();
    timer = controller;
    await clock.sleep(next - clock.now().getTime(), controller.signal);
    if (controller.signal.aborted) return;
    timer = undefined;
    if (waiting !== undefined) showNow(waiting);
  }

  return {
    show(text) {
      if (timer !== undefined) waiting = text;
      else if (clock.now().getTime() >= next) showNow(text);
      else if (text !== shown) {
        waiting = text;
        void showLater();
      }
    },
    flush() {
      timer?.abort();
      timer = undefined;
      if (waiting !== undefined) showNow(waiting);
    },
  };
}
