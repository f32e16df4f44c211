/** Which requests are sent again, how often, and after which pause. */
import { pauseAfter } from "../../model/backoff";
import { UserError } from "../../model/problem";
import { codeOf } from "./connectionFailure";

/**
 * Statuses of a server, or of a gateway before it, that is overloaded or down for now. `any`: the request
 * was not processed, so that a write can be sent again too. `safe`: only what changes nothing.
 */
const retryableStatuses: ReadonlyMap<number, "any" | "safe"> = new Map([
  [429, "any"],
  [502, "safe"],
  [503, "safe"],
  [504, "safe"],
]);

/** Codes of a connection that was closed before the answer was complete. */
const closedConnection = new Set(["ECONNRESET", "EPIPE"]);

const MAX_ATTEMPTS = 4;
/** An API server that restarts refuses for some seconds credentials that it has accepted before. */
const MAX_REFUSALS = 7;
/** Also where the server requests a longer pause. */
const LONGEST_PAUSE_MS = 30_000;

export function isRetryableStatus(code: number): boolean {
  return retryableStatuses.has(code);
}

export interface RetriedRequest {
  /** Changes nothing on the server. */
  readonly safe: boolean;
  /** The caller tries again by itself. */
  readonly once: boolean;
}

/** The retries of one request; methods return the pause in ms before the next attempt, undefined after the last. */
export interface Retries {
  /** The server has refused credentials that it had accepted before. */
  readonly credentialsRefused: boolean;
  afterStatus(code: number, retryAfterMs: number | undefined): number | undefined;
  afterError(error: unknown): number | undefined;
}

/** @param firstMs the pause before the second attempt. */
export function createRetries({ safe, once }: RetriedRequest, firstMs: number): Retries {
  let attempts = 0;
  let refusals = 0;

  function pause(failures: number, retryAfterMs = 0): number {
    const ms = pauseAfter(failures, { firstMs, longestMs: LONGEST_PAUSE_MS, jitter: 1 });
    return Math.min(Math.max(retryAfterMs, ms), LONGEST_PAUSE_MS);
  }

  return {
    get credentialsRefused() {
      return refusals > 0;
    },
    afterStatus(code, retryAfterMs) {
      attempts += 1;
      if (once || attempts >= MAX_ATTEMPTS) return undefined;
      const requests = retryableStatuses.get(code);
      return requests === "any" || (requests === "safe" && safe) ? pause(attempts, retryAfterMs) : undefined;
    },
    afterError(error) {
      if (isTemporaryRefusal(error)) {
        // The server processes nothing for a user that it does not know: a write can be sent again too.
        refusals += 1;
        return once || refusals >= MAX_REFUSALS ? undefined : pause(refusals);
      }
      attempts += 1;
      const retried = safe && !once && attempts < MAX_ATTEMPTS && closedConnection.has(codeOf(error));
      return retried ? pause(attempts) : undefined;
    },
  };
}

function isTemporaryRefusal(error: unknown): boolean {
  return error instanceof UserError && error.code === "GU007" && error.retryable === true;
}
