/** A single POST, of those that come before or beside the garden's own requests. */
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import { createLifetime, exchange, lineFailure, onOwnLine, readAll, userAgent, type LineTo } from "../http";

const PATIENCE_MS = 30_000;

export interface Posted {
  readonly code: number;
  /** Undefined where the answer is no JSON. */
  readonly body: unknown;
}

/** One attempt. Throws UserError where there is no answer. */
export async function post(
  line: LineTo,
  options: RequestOptions,
  path: string,
  value?: unknown,
): Promise<Posted> {
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
  const lifetime = createLifetime(undefined);
  lifetime.limit(PATIENCE_MS);
  try {
    const answer = await exchange(url, { ...onOwnLine(options), method: "POST", headers }, body, lifetime);
    const text = await readAll(answer, lifetime);
    return { code: answer.statusCode ?? 0, body: parse(text) };
  } catch (error) {
    throw lineFailure(error, line);
  } finally {
    lifetime.end();
  }
}

/** Whether tokens can be asked about there, which is so in every version; whatever becomes of ours. */
export async function speaks(version: "v1" | "v2", line: LineTo, options: RequestOptions): Promise<boolean> {
  const { code, body } = await post(line, options, `/auth/${version}/tokens/validate`);
  return code === 204 || (code !== 404 && isRecord(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
