/** One HTTP request to an API server. */
import type { IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import { exchange, onOwnConnection, type RequestScope } from "./transport";
import { userAgent } from "./userAgent";

export interface ApiRequest {
  readonly method: "GET" | "PATCH" | "PUT" | "POST";
  /** Each segment encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly value: unknown };
  readonly signal?: AbortSignal;
  /** Changes nothing on the server, whatever its method: can be sent again. A GET and a dry run never do. */
  readonly safe?: boolean;
  /** One attempt, and a retryable status is returned: for a caller that tries again by itself. */
  readonly once?: boolean;
  /** The answer may be compressed: worthwhile for lists. API servers compress what is larger than 128 KiB. */
  readonly compressed?: boolean;
  /** An answer that is not JSON is returned as text. */
  readonly allowText?: boolean;
}

/** A watch keeps its connection for minutes: on those of the requests it would block them. */
export interface SentRequest extends ApiRequest {
  readonly ownConnection?: boolean;
}

/** Resolves with the head of the answer. */
export function sendRequest(
  server: URL,
  request: SentRequest,
  credentials: RequestOptions,
  scope: RequestScope,
): Promise<IncomingMessage> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body.value);
  const headers = {
    ...(isRecord(credentials.headers) ? credentials.headers : {}),
    Accept: request.accept ?? "application/json",
    "User-Agent": userAgent(),
    ...(request.compressed === true ? { "Accept-Encoding": "gzip" } : {}),
    ...(request.body === undefined ? {} : { "Content-Type": request.body.type }),
    ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }),
  };
  const options = sharesConnection(request) ? credentials : onOwnConnection(credentials);
  return exchange(urlOf(server, request), { ...options, headers, method: request.method }, body, scope);
}

export function isSafe({ method, query, safe }: ApiRequest): boolean {
  return method === "GET" || safe === true || query?.["dryRun"] !== undefined;
}

function sharesConnection(request: SentRequest): boolean {
  return isSafe(request) && request.ownConnection !== true;
}

function urlOf(server: URL, request: ApiRequest): URL {
  const url = new URL(server.href);
  url.pathname = server.pathname.replace(/\/$/, "") + request.path;
  url.search = new URLSearchParams(request.query ?? {}).toString();
  return url;
}
