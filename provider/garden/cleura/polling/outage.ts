/** While reads fail: when the next one may be sent, and why. */
import type { Clock } from "../../../model/clock";
import type { FailedFetch } from "./fetchResult";
import { pauseAfterFailures, THROTTLED_MS } from "./interval";

export interface Outage {
  failed(result: FailedFetch): void;
  succeeded(): void;
  /** No read is sent before this time. */
  until(): number;
  /** Why no read is sent now; undefined: one may be. */
  message(): string | undefined;
  /** The server was overloaded a short time ago. */
  isThrottled(): boolean;
}

export function createOutage(clock: Clock): Outage {
  let failures = 0;
  let until = -Infinity;
  let throttledUntil = -Infinity;
  let message = "";
  const now = (): number => clock.now().getTime();
  return {
    failed(result) {
      failures += 1;
      message = result.message;
      until = now() + pauseAfterFailures(failures, result.pauseMs);
      if (result.overloaded === true) throttledUntil = until + THROTTLED_MS;
    },
    succeeded() {
      failures = 0;
    },
    until: () => until,
    message: () => (now() < until ? message : undefined),
    isThrottled: () => now() < throttledUntil,
  };
}
