/** A rate as client-go limits requests (golang.org/x/time/rate): some at once, then one after the other. */
export interface Rate {
  readonly perSecond: number;
  /** How many at once, after a pause. */
  readonly burst: number;
}

/** Of the kubeconfigs that one process of Gardener's API server issues. */
export const KUBECONFIG_RATE: Rate = { perSecond: 5, burst: 10 };

/** Takes one at the time in ms; returns the ms to wait for it. */
export type RateLimiter = (now: number) => number;

export function createRateLimiter({ perSecond, burst }: Rate): RateLimiter {
  const eachMs = 1000 / perSecond;
  // When the next one would be due if there had been no burst.
  let due = -Infinity;
  return (now) => {
    due = Math.max(due, now - burst * eachMs) + eachMs;
    return Math.max(0, due - now);
  };
}
