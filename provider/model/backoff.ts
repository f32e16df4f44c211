/** How long to wait before the next attempt: twice as long each time, spread so that many do not come at once. */

export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** The part that is added at random, of the pause before it. Default: none. */
  readonly jitter?: number;
}

/** @param attempts how many have failed, 1 at least. */
export function pauseAfter(attempts: number, { firstMs, longestMs, jitter = 0 }: Backoff): number {
  const ms = firstMs * 2 ** Math.min(attempts - 1, 20) * (1 + Math.random() * jitter);
  return Math.min(ms, longestMs);
}
