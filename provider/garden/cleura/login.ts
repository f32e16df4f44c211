/** A token for user and password, where the account has no second factor. */
import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import { createLifetime, exchange, lineFailure, readAll, userAgent, type LineTo } from "../http";
import type { Credentials } from "./credentials";

const PATIENCE_MS = 30_000;

/** One attempt: a wrong password that is tried again and again locks an account. */
export async function logIn(
  line: LineTo,
  options: RequestOptions,
  { username, password, origin, remedy }: Extract<Credentials, { kind: "password" }>,
): Promise<string> {
  const body = JSON.stringify({ login: username, password });
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "User-Agent": userAgent(),
  };
  const url = new URL(`${line.server.pathname.replace(/\/$/, "")}/auth/v2/tokens`, line.server);
  const lifetime = createLifetime(undefined);
  lifetime.limit(PATIENCE_MS);
  let code: number | undefined;
  let text: string;
  try {
    const answer = await exchange(url, { ...options, method: "POST", headers }, body, lifetime);
    code = answer.statusCode;
    text = await readAll(answer, lifetime);
  } catch (error) {
    throw lineFailure(error, line);
  } finally {
    lifetime.end();
  }
  const { result, token } = parse(text);
  if (result === "login_ok" && typeof token === "string") return token;
  if (result === "twofactor_required" || result === "twofactor_options") throw secondFactor(username, origin);
  if (code === 400 || code === 401 || code === 403) {
    throw new UserError("GU007", `${line.description} refuses user and password from ${origin}. ${remedy}`);
  }
  if (code === 404) throw otherVersion(line);
  throw new UserError(
    "GU013",
    `${line.description} answered a login with ${code ?? "no"} status and ${typeof result === "string" ? `the result ${JSON.stringify(result)}` : "no result"}.`,
  );
}

function secondFactor(username: string, origin: string): UserError {
  return new UserError(
    "GU017",
    `The Cleura account ${username} (${origin}) asks for a second factor, which nobody can answer here. Make an API token ` +
      "in the control panel and set CLEURA_API_TOKEN, log in with `cleura login`, or, in a pipeline, use a service account " +
      "without a second factor.",
  );
}

export function otherVersion({ description }: Pick<LineTo, "description">): UserError {
  return new UserError(
    "GU018",
    `${description} does not know version 2 of Cleura's API. Version 1 is not supported: compare the address ` +
      "(CLEURA_API_URL, gardener:cleuraUrl), or ask its operator for version 2.",
  );
}

/**
 * A private cloud's authority. Node reads NODE_EXTRA_CA_CERTS when it starts, and a program that runs
 * inside another one, as with Pulumi's Automation API, is told of it later.
 */
export async function extraAuthorities(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const path = env["NODE_EXTRA_CA_CERTS"];
  return path === undefined || path === "" ? undefined : readFile(path, "utf8").catch(() => undefined);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
