/** The poller's looks at Cleura's API: one attempt each, and what a failure means for those who wait. */
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import type { Shoot } from "../../../model/shoot";
import type { ApiAnswer, ApiStatus } from "../../http/index";
import { describeShoot, type CleuraContext } from "../api";
import { messageOf } from "../client";
import { decodeShoot, findNamed } from "../decode/index";
import type { ShootFetcher, FetchResult, Unusable } from "./poller";
import { LOGIN_MS } from "./interval";

/** For how long credentials that nobody can renew have to be refused: a server may be restarting. */
const REFUSED_MS = 2 * 60_000;

export function createShootFetcher(line: CleuraContext): ShootFetcher {
  const { client, paths, generations, clock } = line;
  const { connection } = client;
  /** Something was seen with these rights: what is refused later may pass. */
  let seen = false;
  let refusedSince: number | undefined;

  async function look(
    subject: string,
    path: string,
    /** Undefined where the answer is none to what was asked. */
    find: (body: unknown) => ReadonlyMap<string, unknown> | undefined,
    absent: FetchResult,
  ): Promise<FetchResult> {
    let answer: ApiAnswer;
    try {
      answer = await client.get(path, { subject, once: true });
    } catch (error) {
      return failureOf(error);
    }
    refusedSince = undefined;
    if (answer.kind === "ok") {
      const shoots = find(answer.body);
      if (shoots === undefined)
        return { kind: "failed", message: `${connection.description} ${NOT_ASKED_FOR}` };
      seen = true;
      const response = [...shoots].filter(([, value]) => value !== undefined);
      return { kind: "seen", shoots: new Map(response.map(([name, value]) => [name, shootOf(value)])) };
    }
    const { status } = answer;
    if (status.code === 404) return absent;
    const { retryAfterMs: pauseMs } = status;
    const message = `${connection.description} answers ${status.code}${saying(status)}`;
    return { kind: "failed", message, pauseMs, overloaded: status.code === 429 };
  }

  function shootOf(response: unknown): Shoot | Unusable {
    try {
      return generations.apply(decodeShoot(response));
    } catch (error) {
      return { error };
    }
  }

  function failureOf(error: unknown): FetchResult {
    if (!(error instanceof UserError)) throw error;
    switch (error.code) {
      case "GU005":
      case "GU013":
        // Something else answers now and then, such as a gateway with a page.
        return { kind: "failed", message: error.message };
      case "GU014":
        return { kind: "failed", message: error.message, pauseMs: LOGIN_MS };
      case "GU007":
      case "GU016":
        if (connection.renewable === false) return unrenewed(error);
        return { kind: "failed", message: `${error.message} ${LOG_IN}`, pauseMs: LOGIN_MS };
      case "GU006":
      case "GU008":
        if (!seen) throw error;
        return { kind: "failed", message: error.message };
      default:
        throw error;
    }
  }

  function unrenewed(error: UserError): FetchResult {
    const now = clock.now().getTime();
    refusedSince ??= now;
    if (now - refusedSince >= REFUSED_MS) throw error;
    return { kind: "failed", message: error.message };
  }

  return {
    fetchShoot: (name) =>
      look(
        describeShoot({ name }),
        paths.shoot(name),
        // Its name stands in each Shoot: what is without it comes from something in between.
        (body) => (isRecord(body) && body["name"] === name ? new Map([[name, body]]) : undefined),
        { kind: "seen", shoots: new Map() },
      ),
    fetchShoots: (names) =>
      look(
        SEVERAL,
        paths.shoots,
        (body) =>
          Array.isArray(body)
            ? new Map(names.map((name) => [name, findNamed(body, SEVERAL, name)]))
            : undefined,
        { kind: "failed", message: "the project is not found" },
      ),
  };
}

/** A page has no words for us. */
function saying(status: ApiStatus): string {
  return status.message === "" && status.causes.length === 0 ? "" : `: ${messageOf(status)}`;
}

const NOT_ASKED_FOR =
  "answers with something else than what was asked for: it may come from something in between";
const SEVERAL = "The list of Shoots";
const LOG_IN =
  "`cleura login` in another terminal mends it: credentials are looked up every 30 s, and Gardener goes on meanwhile.";
