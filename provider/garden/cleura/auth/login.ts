/** A token for user and password, where the account has no second factor. */
import type { RequestOptions } from "node:https";
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import { unreachableFailure, type ServerDescription } from "../../http/index";
import type { Credentials } from "./credentials";
import {
  decodeRefusal,
  isAddressRefusal,
  noCleura,
  otherVersion,
  refusedAddress,
  withoutSecret,
} from "../failure";
import { send, speaks } from "../send";

const notNow = new Set([429, 500, 502, 503, 504]);

/** One attempt: a wrong password that is tried again and again locks an account. */
export async function logIn(
  line: ServerDescription,
  options: RequestOptions,
  { username, password, origin, remedy }: Extract<Credentials, { kind: "password" }>,
): Promise<string> {
  const { code, body } = await send(line, options, "/auth/v2/tokens", { login: username, password });
  const { result, token }: Readonly<Record<string, unknown>> = isRecord(body) ? body : {};
  if (result === "login_ok" && typeof token === "string") return token;
  if (result === "twofactor_required" || result === "twofactor_options") throw secondFactor(username, origin);
  const refusal = withoutSecret(decodeRefusal(code, body), password);
  if (isAddressRefusal(refusal)) throw refusedAddress(refusal, line, origin);
  if (code === 400 || code === 401 || code === 403) {
    throw new UserError("GU007", `${line.description} refuses user and password from ${origin}. ${remedy}`);
  }
  if (code === 404) throw (await speaks("v1", line, options)) ? otherVersion(line) : noCleura(line);
  if (notNow.has(code)) throw unreachableFailure(line, `it answers ${code} to a login`);
  const response = isRecord(body) ? "without a token" : "without JSON";
  throw new UserError("GU013", `${line.description} answers a login with status ${code}, ${response}.`);
}

function secondFactor(username: string, origin: string): UserError {
  return new UserError(
    "GU017",
    `The Cleura account ${username} (${origin}) asks for a second factor (a code by SMS, or WebAuthn), which nobody can answer here. Make an ` +
      "API token in the control panel and set CLEURA_API_TOKEN, log in with `cleura login`, or, in a pipeline, use a " +
      "service account without a second factor.",
  );
}
