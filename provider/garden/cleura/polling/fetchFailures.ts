/** Which failures of a read are waited out, and for how long. */
import type { Clock } from "../../../model/clock";
import { UserError } from "../../../model/problem";
import type { Connection } from "../../connection/index";
import type { FailedFetch } from "./fetchResult";
import { LOGIN_MS } from "./interval";

/** For how long credentials that cannot be renewed have to be refused: a server may be restarting. */
const REFUSED_MS = 2 * 60_000;

const LOG_IN =
  "Run `cleura login` in another terminal: credentials are read every 30 s, and Gardener continues meanwhile.";

export interface FetchFailures {
  /** Throws what no waiting can fix. */
  resultOf(error: unknown): FailedFetch;
  /** The server has answered, whatever the answer: it accepts the credentials. */
  answered(): void;
  /** A read has succeeded: a right that is missing later may be missing temporarily. */
  permitted(): void;
}

export function createFetchFailures(connection: Connection, clock: Clock): FetchFailures {
  let hasBeenPermitted = false;
  let refusedSince: number | undefined;

  function notRenewable(error: UserError): FailedFetch {
    const now = clock.now().getTime();
    refusedSince ??= now;
    if (now - refusedSince >= REFUSED_MS) throw error;
    return { kind: "failed", message: error.message };
  }

  return {
    answered() {
      refusedSince = undefined;
    },
    permitted() {
      hasBeenPermitted = true;
    },
    resultOf(error) {
      if (!(error instanceof UserError)) throw error;
      switch (error.code) {
        case "GU005":
        case "GU013":
          // Such as an HTML page of a gateway.
          return { kind: "failed", message: error.message };
        case "GU014":
          return { kind: "failed", message: error.message, pauseMs: LOGIN_MS };
        case "GU007":
        case "GU016":
          if (connection.renewable === false) return notRenewable(error);
          return { kind: "failed", message: `${error.message} ${LOG_IN}`, pauseMs: LOGIN_MS };
        case "GU006":
        case "GU008":
          if (!hasBeenPermitted) throw error;
          return { kind: "failed", message: error.message };
        default:
          throw error;
      }
    },
  };
}
