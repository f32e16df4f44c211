/** Status lines at a speed that a person can read, and a pipeline's log can bear. */
import type { Clock } from "../model/clock";

const INTERVAL_MS = 3_000;

export interface StatusThrottle {
  show(text: string): void;
  /** Says what has not been said yet; leaves no timer behind. */
  flush(): void;
}

export function createStatusThrottle(
  clock: Clock,
  say: (text: string) => void,
  intervalMs = INTERVAL_MS,
): StatusThrottle {
  let said: string | undefined;
  let waiting: string | undefined;
  let next = Number.NEGATIVE_INFINITY;
  let alarm: AbortController | undefined;

  function speak(text: string): void {
    waiting = undefined;
    if (text === said) return;
    said = text;
    next = clock.now().getTime() + intervalMs;
    say(text);
  }

  async function speakLater(): Promise<void> {
    const set = new AbortController();
    alarm = set;
    await clock.sleep(next - clock.now().getTime(), set.signal);
    if (set.signal.aborted) return;
    alarm = undefined;
    if (waiting !== undefined) speak(waiting);
  }

  return {
    show(text) {
      if (alarm !== undefined) waiting = text;
      else if (clock.now().getTime() >= next) speak(text);
      else if (text !== said) {
        waiting = text;
        void speakLater();
      }
    },
    flush() {
      alarm?.abort();
      alarm = undefined;
      if (waiting !== undefined) speak(waiting);
    },
  };
}
