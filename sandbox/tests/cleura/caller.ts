/**
 * Calls Cleura's API directly, so that the tests read what is on the wire. Every answer is held
 * to Cleura's description, whatever a test is about.
 */
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { CleuraServer } from "../../cleura/cleura";
import { isJson, type Json } from "../../json";
import { deviations, operationOf } from "./document";

export interface Answer {
  readonly code: number;
  /** JSON where it is some, otherwise the text. */
  readonly body: Json;
  readonly headers: IncomingHttpHeaders;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly login?: string;
  readonly token?: string;
}

export type Caller = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export function callerOf(cleura: CleuraServer): { readonly call: Caller; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, ca: cleura.ca });
  const send: Caller = (method, path, options = {}) =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "user-agent": "test/1",
        "x-auth-login": options.login ?? cleura.username,
        "x-auth-token": options.token ?? cleura.token,
      };
      const outgoing = request(`${cleura.url}${path}`, { method, agent, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => (text += String(part)));
        answer.on("end", () => {
          resolve({ code: answer.statusCode ?? 0, body: parse(text), headers: answer.headers });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });
  const call: Caller = async (method, path, options) => {
    const answer = await send(method, path, options);
    // Nobody describes version 1.
    if (/^\/\w+\/v1\//.test(path)) return answer;
    const type = answer.headers["content-type"] ?? "";
    const found = deviations(operationOf(method, path), { ...answer, type });
    if (found.length > 0) throw new Error(`${method} ${path}: ${found.join("; ")}`);
    return answer;
  };
  return { call, close: () => agent.destroy() };
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : text;
  } catch {
    return text;
  }
}
