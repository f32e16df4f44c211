/** What several sources send, one reader receives in order. */
import type { Clock } from "./clock";

export interface AsyncQueue<T> {
  send(item: T): void;
  /** The next item; undefined once the signal is aborted. */
  receive(signal: AbortSignal): Promise<T | undefined>;
}

export function createAsyncQueue<T>(): AsyncQueue<T> {
  const items: T[] = [];
  let wake: (() => void) | undefined;

  function nextItem(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        wake = undefined;
        signal.removeEventListener("abort", resolveNow);
        resolve();
      };
      const resolveNow = wake;
      signal.addEventListener("abort", resolveNow, { once: true });
    });
  }

  return {
    send(item) {
      items.push(item);
      wake?.();
    },
    async receive(signal) {
      if (items.length === 0 && !signal.aborted) await nextItem(signal);
      return signal.aborted ? undefined : items.shift();
    },
  };
}

/** The next item; undefined when none has come by then. */
export async function receiveBefore<T>(
  queue: AsyncQueue<T>,
  clock: Clock,
  deadline: Date,
): Promise<T | undefined> {
  const [received, expired] = [new AbortController(), new AbortController()];
  void clock.sleep(deadline.getTime() - clock.now().getTime(), received.signal).then(() => expired.abort());
  const item = await queue.receive(expired.signal);
  received.abort();
  return item;
}
