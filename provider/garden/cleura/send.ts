/** A single POST, of those that come before or beside the garden's own requests. */
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

const PATIENCE_MS = 30_000;

export interface SendResult {
  readonly code: number;
  /** Undefined where the answer is no JSON. */
  readonly body: unknown;
}

/** One attempt. Throws UserError where there is no answer. */
export async function send(
  line: ServerDescription,
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
  const url = new URL(line.server.href);
  url.pathname = line.server.pathname.replace(/\/$/, "") + path;
  const lifetime = createRequestScope(undefined);
  lifetime.limit(PATIENCE_MS);
  try {
    const answer = await exchange(
      url,
      { ...onOwnConnection(options), method: "POST", headers },
      body,
      lifetime,
    );
    const text = await readAll(answer, lifetime);
    return { code: answer.statusCode ?? 0, body: parse(text) };
  } catch (error) {
    throw connectionFailure(error, line);
  } finally {
    lifetime.end();
  }
}

/** Whether tokens can be asked about there, which is so in every version; whatever becomes of ours. */
export async function speaks(
  version: "v1" | "v2",
  line: ServerDescription,
  options: RequestOptions,
): Promise<boolean> {
  const { code, body } = await send(line, options, `/auth/${version}/tokens/validate`);
  return code === 204 || (code !== 404 && isRecord(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
