/** A small JSON client for an API server. */
import type { IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import {
  decodeStream,
  decodeSuccess,
  isSuccess,
  parseJson,
  retryAfterOf,
  statusCodeOf,
  type ApiAnswer,
} from "./answer";
import { connectionFailure, isBeforeSending, unreachableFailure, writeInDoubt } from "./connectionFailure";
import { refusedCredentials } from "./credentialFailure";
import { isSafe, sendRequest, type ApiRequest, type SentRequest } from "./request";
import { createRetries, isRetryableStatus } from "./retry";
import { decodeStatus, isNoStatus, type ApiStatus } from "./status";
import { createRequestScope, readAll, type RequestScope } from "./transport";

type ApiStream =
  | { readonly kind: "ok"; readonly objects: AsyncIterable<unknown> }
  | { readonly kind: "status"; readonly status: ApiStatus };

/** Methods throw UserError where the server cannot be reached or refuses the credentials. */
export interface ApiClient {
  readonly connection: Connection;
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** A GET that is answered with one object a line. Ends with the connection, throws when nothing arrives for `idleMs`. */
  stream(request: ApiRequest, idleMs: number): Promise<ApiStream>;
}

export interface ClientSettings {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The pause before the second attempt; it doubles. */
  readonly retryMs: number;
  /** Decodes an answer that is not a success. Default: Kubernetes' Status. */
  readonly decodeRefusal?: (code: number, body: unknown) => ApiStatus;
}

export const defaultClientSettings = { timeoutMs: 30_000, retryMs: 250 } as const;

export function createApiClient(connection: Connection, settings: ClientSettings): ApiClient {
  /** The server has accepted credentials of this connection. */
  let accepted = false;

  /** One answer, after further attempts with new credentials where the server refuses those at hand. */
  async function authenticated(
    request: SentRequest,
    scope: RequestScope,
    timeoutMs: number,
    credentialAttempts: number,
  ): Promise<IncomingMessage> {
    for (let left = credentialAttempts; ; left--) {
      const credentials = await readCredentials(scope, timeoutMs);
      const answer = await sendRequest(connection.server, request, credentials, scope);
      if (answer.statusCode !== 401) {
        accepted = true;
        return answer;
      }
      answer.destroy();
      if (left <= 1) throw refusedCredentials(connection, credentials, settings.clock.now(), accepted);
      connection.refresh(credentials);
    }
  }

  /** The server's time starts when they are there: an exec plugin may wait for a person to log in. */
  async function readCredentials(scope: RequestScope, timeoutMs: number): Promise<RequestOptions> {
    scope.limit(undefined);
    const credentials = await connection.requestOptions();
    scope.limit(timeoutMs);
    return credentials;
  }

  /** The head of the answer to the last attempt. */
  async function retried(
    request: SentRequest,
    scope: RequestScope,
    timeoutMs: number,
  ): Promise<IncomingMessage> {
    const retries = createRetries({ safe: isSafe(request), once: request.once === true }, settings.retryMs);
    for (;;) {
      let pauseMs: number | undefined;
      try {
        // New credentials are read once: that may be a login in a browser.
        const credentialAttempts = retries.credentialsRefused ? 1 : (connection.credentialAttempts ?? 2);
        const answer = await authenticated(request, scope, timeoutMs, credentialAttempts);
        pauseMs = retries.afterStatus(statusCodeOf(answer), retryAfterOf(answer));
        if (pauseMs === undefined) return answer;
        answer.destroy();
      } catch (error) {
        pauseMs = retries.afterError(error);
        if (pauseMs === undefined) throw error;
      }
      scope.limit(undefined);
      await settings.clock.sleep(pauseMs, scope.signal);
      if (scope.signal.aborted) throw scope.signal.reason;
    }
  }

  async function decodeRefusal(
    answer: IncomingMessage,
    request: ApiRequest,
    scope: RequestScope,
  ): Promise<ApiStatus> {
    const code = statusCodeOf(answer);
    const decode = settings.decodeRefusal ?? decodeStatus;
    const decoded = decode(code, parseJson(await readAll(answer, scope)));
    const inDoubt = !isSafe(request) && (code >= 500 || isNoStatus(decoded));
    const status: ApiStatus = inDoubt ? { ...decoded, writeOutcome: "unknown" } : decoded;
    if (!isRetryableStatus(code)) return status;
    if (request.once === true) return { ...status, retryAfterMs: retryAfterOf(answer) };
    const message = status.message === "" ? "" : `, ${status.message}`;
    throw unreachableFailure(connection, `it answers ${code}${message}`);
  }

  return {
    connection,
    async send(request) {
      const scope = createRequestScope(request.signal);
      try {
        const answer = await retried(request, scope, settings.timeoutMs);
        if (isSuccess(answer)) {
          return await decodeSuccess(answer, scope, connection, request.allowText === true);
        }
        return { kind: "status", status: await decodeRefusal(answer, request, scope) };
      } catch (error) {
        throw failureOf(error, request, connection);
      } finally {
        scope.end();
      }
    },
    async stream(request, idleMs) {
      const scope = createRequestScope(request.signal);
      try {
        const answer = await retried({ ...request, ownConnection: true }, scope, idleMs);
        if (isSuccess(answer)) {
          return { kind: "ok", objects: decodeStream(answer, scope, idleMs, connection) };
        }
        const status = await decodeRefusal(answer, request, scope);
        scope.end();
        return { kind: "status", status };
      } catch (error) {
        scope.end();
        throw failureOf(error, request, connection);
      }
    },
  };
}

function failureOf(error: unknown, request: ApiRequest, connection: Connection): unknown {
  const failure = connectionFailure(error, connection);
  if (!(failure instanceof UserError) || isSafe(request) || isBeforeSending(error)) return failure;
  return failure.code === "GU005" || failure.code === "GU013" ? writeInDoubt(failure) : failure;
}
