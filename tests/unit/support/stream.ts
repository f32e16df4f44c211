/** What a test sends and the code under test iterates over. */

export interface Stream<T> extends AsyncIterable<T> {
  send(item: T): void;
  /** The function is called when the item is read. */
  sendResultOf(item: () => T): void;
  fail(error: Error): void;
  end(): void;
}

export function createStream<T>(signal: AbortSignal): Stream<T> {
  const items: (() => T)[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const wakeUp = (): void => wake?.();
  const end = (): void => {
    ended = true;
    wakeUp();
  };
  signal.addEventListener("abort", end, { once: true });

  async function* iterate(): AsyncGenerator<T> {
    for (;;) {
      const item = items.shift();
      if (item !== undefined) yield item();
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    send(item) {
      items.push(() => item);
      wakeUp();
    },
    sendResultOf(item) {
      items.push(item);
      wakeUp();
    },
    fail(error) {
      items.push(() => {
        throw error;
      });
      wakeUp();
    },
    end,
    [Symbol.asyncIterator]: iterate,
  };
}
