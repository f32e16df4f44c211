/** A single POST to Cleura's authentication API. */
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import {
  createRequestScope,
  exchange,
  connectionFailure,
  onOwnConnection,
  readAll,
  userAgent,
  type ServerDescription,
} from "../http";

const TIMEOUT_MS = 30_000;

export interface SendResult {
  readonly code: number;
  /** Undefined if the answer is not JSON. */
  readonly body: unknown;
}

/** One attempt. Throws UserError without an answer. */
export async function send(
  server: ServerDescription,
  options: RequestOptions,
  path: string,
  value?: unknown,
): Promise<SendResult> {
  const body = value === undefined ? "" : JSON.stringify(value);
  const headers = {
    ...(isRecord(options.headers) ? options.headers : {}),
    Accept: "application/json",
    "User-Agent": userAgent(),
    "Content-Length": Buffer.byteLength(body),
    ...(value !== undefined && { "Content-Type": "application/json" }),
  };
  const url = new URL(server.server.href);
  url.pathname = server.server.pathname.replace(/\/$/, "") + path;
  const scope = createRequestScope(undefined);
  scope.limit(TIMEOUT_MS);
  try {
    const answer = await exchange(url, { ...onOwnConnection(options), method: "POST", headers }, body, scope);
    const text = await readAll(answer, scope);
    return { code: answer.statusCode ?? 0, body: parse(text) };
  } catch (error) {
    throw connectionFailure(error, server);
  } finally {
    scope.end();
  }
}

/** Whether the server has the version: each can validate a token, whatever the result. */
export async function hasApiVersion(
  version: "v1" | "v2",
  server: ServerDescription,
  options: RequestOptions,
): Promise<boolean> {
  const { code, body } = await send(server, options, `/auth/${version}/tokens/validate`);
  return code === 204 || (code !== 404 && isRecord(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
