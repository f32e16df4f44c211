/** What several sources put in, one reader takes out in order, and may stop waiting at a given time. */
import type { Clock } from "../model/clock";

export interface Inbox<T> {
  put(item: T): void;
  /** The next item; undefined when none has come by then. */
  take(clock: Clock, deadline: Date): Promise<T | undefined>;
}

export function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  let arrived: (() => void) | undefined;
  return {
    put(item) {
      items.push(item);
      arrived?.();
    },
    async take(clock, deadline) {
      if (items.length === 0) {
        const alarm = new AbortController();
        const arrival = new Promise<void>((resolve) => (arrived = resolve));
        await Promise.race([arrival, clock.sleep(deadline.getTime() - clock.now().getTime(), alarm.signal)]);
        alarm.abort();
        arrived = undefined;
      }
      return items.shift();
    },
  };
}
