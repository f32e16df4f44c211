/** A small JSON client for an API server. */
import type { IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { pauseAfter } from "../../model/backoff";
import type { Clock } from "../../model/clock";
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import {
  codeOf,
  isBeforeSending,
  connectionFailure,
  refusedCredentials,
  unreachableFailure,
  writeInDoubt,
} from "./failure";
import { decodeStatus, decodeWarnings, isWordless, type ApiStatus } from "./status";
import {
  chunks,
  createRequestScope,
  exchange,
  lines,
  onOwnConnection,
  readAll,
  type RequestScope,
} from "./transport";
import { userAgent } from "./user-agent";

export interface ApiRequest {
  readonly method: "GET" | "PATCH" | "PUT" | "POST";
  /** Each segment encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly value: unknown };
  readonly signal?: AbortSignal;
  /** Changes nothing on the server, whatever its method: may be sent again. A GET and a dry run never do. */
  readonly safe?: boolean;
  /** One attempt; "not now" is an answer too: for whoever comes back by itself. */
  readonly once?: boolean;
  /** An answer that is no JSON is a text. */
  readonly orText?: boolean;
}

/** A watch keeps its connection for minutes: taken from those of the requests it would starve them. */
interface SentRequest extends ApiRequest {
  readonly ownConnection?: boolean;
}

export type ApiAnswer =
  | {
      readonly kind: "ok";
      readonly body: unknown;
      readonly warnings: readonly string[];
      /** By the server's clock. */
      readonly date?: Date;
    }
  /** The server does not grant it; the caller knows what that means. */
  | { readonly kind: "status"; readonly status: ApiStatus };

export type ApiStream =
  | { readonly kind: "ok"; readonly objects: AsyncIterable<unknown> }
  | { readonly kind: "status"; readonly status: ApiStatus };

/** Methods throw UserError where the server cannot be reached or does not know us. */
export interface ApiClient {
  readonly connection: Connection;
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** A GET whose answer goes on, an object a line. Ends with the line, throws when it is silent for too long. */
  stream(request: ApiRequest, idleMs: number): Promise<ApiStream>;
}

export interface ClientSettings {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The pause before the second attempt; it doubles. */
  readonly retryMs: number;
  /** How the server words a refusal. Default: as Kubernetes does. */
  readonly decodeRefusal?: (code: number, body: unknown) => ApiStatus;
}

export const defaultClientSettings = { timeoutMs: 30_000, retryMs: 250 } as const;

const ATTEMPTS = 4;
/** Of credentials that were accepted before: an API server that restarts refuses them for some seconds. */
const CREDENTIAL_ATTEMPTS = 7;
/** No server may keep us waiting for longer between two attempts. */
const LONGEST_PAUSE_MS = 30_000;
/** Answers that mean: not now. */
const notNow = new Set([429, 502, 503, 504]);
const NO_CONTENT = 204;
const lostLine = new Set(["ECONNRESET", "EPIPE"]);

export function createApiClient(connection: Connection, settings: ClientSettings): ApiClient {
  let accepted = false;

  /** One answer, from an attempt with other credentials if it has to be. */
  async function once(
    request: SentRequest,
    scope: RequestScope,
    patience: number,
    credentialSources: number,
  ): Promise<IncomingMessage> {
    for (let chances = credentialSources; ; chances--) {
      const options = await credentials(scope, patience);
      const answer = await attempt(request, options, scope);
      if (answer.statusCode !== 401) {
        accepted = true;
        return answer;
      }
      answer.destroy();
      if (chances <= 1) throw refusedCredentials(connection, options, settings.clock.now(), accepted);
      connection.refresh(options);
    }
  }

  /** The server's time starts when we have them: a plugin may ask a person to log in. */
  async function credentials(scope: RequestScope, patience: number): Promise<RequestOptions> {
    scope.limit(undefined);
    const options = await connection.requestOptions();
    scope.limit(patience);
    return options;
  }

  function attempt(
    request: SentRequest,
    options: RequestOptions,
    scope: RequestScope,
  ): Promise<IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body.value);
    const headers = {
      ...(isRecord(options.headers) ? options.headers : {}),
      Accept: request.accept ?? "application/json",
      "User-Agent": userAgent(),
      ...(request.body === undefined ? {} : { "Content-Type": request.body.type }),
      ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }),
    };
    return exchange(
      urlOf(connection.server, request),
      { ...(isKept(request) ? options : onOwnConnection(options)), headers, method: request.method },
      body,
      scope,
    );
  }

  /** The head of an answer that is final; tries again where that can do no harm. */
  async function persist(
    request: SentRequest,
    scope: RequestScope,
    patience: number,
  ): Promise<IncomingMessage> {
    const repeatable = changesNothing(request);
    let refusals = 0;
    for (let count = 1; ; count++) {
      const last = request.once === true || count >= ATTEMPTS;
      try {
        // Credentials are read anew once: reading them may be a login in a browser.
        const answer = await once(request, scope, patience, refusals > 0 ? 1 : (connection.chances ?? 2));
        const code = answer.statusCode ?? 0;
        const again = notNow.has(code) && (repeatable || code === 429);
        if (!again || last) return answer;
        answer.destroy();
        await pause(count, retryAfterOf(answer), scope);
      } catch (error) {
        if (mayBeAccepted(error)) {
          refusals += 1;
          if (request.once === true || refusals === CREDENTIAL_ATTEMPTS) throw error;
          // Nothing was done for whom the server does not know: a write may be sent again as well.
          count -= 1;
          await pause(refusals, undefined, scope);
        } else {
          if (last || !repeatable || !lostLine.has(codeOf(error))) throw error;
          await pause(count, undefined, scope);
        }
      }
      if (scope.signal.aborted) throw scope.signal.reason;
    }
  }

  async function pause(count: number, askedMs: number | undefined, scope: RequestScope): Promise<void> {
    const own = pauseAfter(count, { firstMs: settings.retryMs, longestMs: LONGEST_PAUSE_MS, jitter: 1 });
    const ms = Math.min(Math.max(askedMs ?? 0, own), LONGEST_PAUSE_MS);
    scope.limit(undefined);
    await settings.clock.sleep(ms, scope.signal);
  }

  /** Anything but success, told. */
  async function refusal(
    answer: IncomingMessage,
    request: ApiRequest,
    scope: RequestScope,
  ): Promise<ApiStatus> {
    const code = answer.statusCode ?? 0;
    const decode = settings.decodeRefusal ?? decodeStatus;
    const response = decode(code, parse(await readAll(answer, scope)));
    const inDoubt = !changesNothing(request) && (code >= 500 || isWordless(response));
    const status: ApiStatus = inDoubt ? { ...response, writeOutcome: "unknown" } : response;
    // A server that is overloaded or down says so through whatever stands before it.
    if (notNow.has(code) && request.once === true) return { ...status, retryAfterMs: retryAfterOf(answer) };
    if (notNow.has(code))
      throw unreachableFailure(
        connection,
        `it answers ${code}${status.message === "" ? "" : `, ${status.message}`}`,
      );
    return status;
  }

  return {
    connection,
    async send(request) {
      const scope = createRequestScope(request.signal);
      try {
        const answer = await persist(request, scope, settings.timeoutMs);
        if (!isSuccess(answer)) return { kind: "status", status: await refusal(answer, request, scope) };
        const type = answer.headers["content-type"] ?? "no type";
        const content = await readAll(answer, scope);
        const body = parse(content) ?? (request.orText === true ? content : undefined);
        if (body === undefined && answer.statusCode !== NO_CONTENT) throw noJson(connection, type);
        return { kind: "ok", body, warnings: decodeWarnings(answer.rawHeaders), date: dateOf(answer) };
      } catch (error) {
        throw explained(error, request, connection);
      } finally {
        scope.end();
      }
    },
    async stream(request, idleMs) {
      const scope = createRequestScope(request.signal);
      try {
        const answer = await persist({ ...request, ownConnection: true }, scope, idleMs);
        if (isSuccess(answer)) return { kind: "ok", objects: objects(answer, scope, idleMs, connection) };
        const status = await refusal(answer, request, scope);
        scope.end();
        return { kind: "status", status };
      } catch (error) {
        scope.end();
        throw explained(error, request, connection);
      }
    },
  };
}

async function* objects(
  answer: IncomingMessage,
  scope: RequestScope,
  idleMs: number,
  connection: Connection,
): AsyncGenerator {
  async function* heard(): AsyncGenerator<string> {
    for await (const chunk of chunks(answer, scope)) {
      scope.limit(idleMs);
      yield chunk;
    }
  }
  try {
    scope.limit(idleMs);
    for await (const line of lines(heard())) {
      const object = parse(line);
      if (object === undefined) throw noJson(connection, "a watch");
      yield object;
    }
  } catch (error) {
    throw connectionFailure(error, connection);
  } finally {
    scope.end();
    answer.destroy();
  }
}

function urlOf(server: URL, request: ApiRequest): URL {
  const url = new URL(server.href);
  url.pathname = server.pathname.replace(/\/$/, "") + request.path;
  url.search = new URLSearchParams(request.query ?? {}).toString();
  return url;
}

function dateOf({ headers }: IncomingMessage): Date | undefined {
  const date = new Date(headers.date ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** In seconds; dates, which are allowed as well, are not sent by API servers. */
function retryAfterOf(answer: IncomingMessage): number | undefined {
  const ms = Number(answer.headers["retry-after"]) * 1000;
  return Number.isFinite(ms) ? ms : undefined;
}

function isSuccess(answer: IncomingMessage): boolean {
  const code = answer.statusCode ?? 0;
  return code >= 200 && code < 300;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noJson(connection: Connection, type: string): UserError {
  return new UserError(
    "GU013",
    `What answers at ${connection.server.host} sends no JSON (${type}): is ${connection.server.origin} the address of an API server?`,
    // A gateway on the way answers with a page now and then.
    { retryable: true },
  );
}

function changesNothing({ method, query, safe }: ApiRequest): boolean {
  return method === "GET" || safe === true || query?.["dryRun"] !== undefined;
}

/** On a connection that is kept for the next request. */
function isKept({ method, ownConnection }: SentRequest): boolean {
  return method === "GET" && ownConnection !== true;
}

function mayBeAccepted(error: unknown): boolean {
  return error instanceof UserError && error.code === "GU007" && error.retryable === true;
}

function explained(error: unknown, request: ApiRequest, connection: Connection): unknown {
  const failure = connectionFailure(error, connection);
  if (!(failure instanceof UserError) || changesNothing(request) || isBeforeSending(error)) return failure;
  return failure.code === "GU005" || failure.code === "GU013" ? writeInDoubt(failure) : failure;
}
