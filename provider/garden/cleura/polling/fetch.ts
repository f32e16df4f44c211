/** The poller's reads of Cleura's API: one attempt each, and which failures may be temporary. */
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import type { Shoot } from "../../../model/shoot";
import type { ApiAnswer, ApiStatus } from "../../http/index";
import { describeShoot, type CleuraContext } from "../api";
import { messageOf } from "../failure";
import { decodeShoot, findNamed } from "../decode/index";
import type { FetchResult, ShootFetcher, Undecodable } from "./fetchResult";
import { LOGIN_MS } from "./interval";

/** For how long credentials that cannot be renewed have to be refused: a server may be restarting. */
const REFUSED_MS = 2 * 60_000;

export function createShootFetcher(context: CleuraContext): ShootFetcher {
  const { client, paths, generations, clock } = context;
  const { connection } = client;
  /** A read has succeeded: a later refusal may be temporary. */
  let permitted = false;
  let refusedSince: number | undefined;

  async function read(
    subject: string,
    path: string,
    /** Undefined if the body is not an answer to the request. */
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
      const objects = find(answer.body);
      if (objects === undefined)
        return { kind: "failed", message: `${connection.description} ${UNEXPECTED}` };
      permitted = true;
      const found = [...objects].filter(([, value]) => value !== undefined);
      return { kind: "fetched", shoots: new Map(found.map(([name, value]) => [name, shootOf(value)])) };
    }
    const { status } = answer;
    if (status.code === 404) return absent;
    const { retryAfterMs: pauseMs } = status;
    const message = `${connection.description} answers ${status.code}${reported(status)}`;
    return { kind: "failed", message, pauseMs, overloaded: status.code === 429 };
  }

  function shootOf(object: unknown): Shoot | Undecodable {
    try {
      return generations.apply(decodeShoot(object));
    } catch (error) {
      return { error };
    }
  }

  function failureOf(error: unknown): FetchResult {
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
        if (!permitted) throw error;
        return { kind: "failed", message: error.message };
      default:
        throw error;
    }
  }

  function notRenewable(error: UserError): FetchResult {
    const now = clock.now().getTime();
    refusedSince ??= now;
    if (now - refusedSince >= REFUSED_MS) throw error;
    return { kind: "failed", message: error.message };
  }

  return {
    fetchShoot: (name) =>
      read(
        describeShoot({ name }),
        paths.shoot(name),
        // Each Shoot contains its name: a body without it comes from a proxy or gateway.
        (body) => (isRecord(body) && body["name"] === name ? new Map([[name, body]]) : undefined),
        { kind: "fetched", shoots: new Map() },
      ),
    fetchShoots: (names) =>
      read(
        SHOOTS,
        paths.shoots,
        (body) =>
          Array.isArray(body)
            ? new Map(names.map((name) => [name, findNamed(body, SHOOTS, name)]))
            : undefined,
        { kind: "failed", message: "the project is not found" },
      ),
  };
}

/** An HTML page contains no message. */
function reported(status: ApiStatus): string {
  return status.message === "" && status.causes.length === 0 ? "" : `: ${messageOf(status)}`;
}

const UNEXPECTED =
  "answered with something other than the requested object: it may come from a proxy or gateway";
const SHOOTS = "The list of Shoots";
const LOG_IN =
  "Run `cleura login` in another terminal: credentials are read every 30 s, and Gardener continues meanwhile.";
