/** What is put in is taken out in turn, by one who may have to wait for it. */

export interface Mailbox<Item> {
  put(item: Item): void;
  /** Undefined once the signal aborts. */
  take(signal: AbortSignal): Promise<Item | undefined>;
}

export function createMailbox<Item>(): Mailbox<Item> {
  const items: Item[] = [];
  let ring: (() => void) | undefined;

  function rung(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        ring = undefined;
        signal.removeEventListener("abort", wake);
        resolve();
      };
      ring = wake;
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  return {
    put(item) {
      items.push(item);
      ring?.();
    },
    async take(signal) {
      if (items.length === 0 && !signal.aborted) await rung(signal);
      return signal.aborted ? undefined : items.shift();
    },
  };
}
