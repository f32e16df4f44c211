/** A token for user and password, for an account without a second factor. */
import type { RequestOptions } from "node:https";
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import { isRetryableStatus, unreachableFailure, type ServerDescription } from "../../http/index";
import type { Credentials } from "./credentials";
import {
  decodeRefusal,
  isAddressRefusal,
  notCleura,
  refusedAddress,
  unsupportedVersion,
  withoutSecret,
} from "../failure";
import { hasApiVersion, send } from "../send";

/** One attempt: a wrong password that is tried again and again locks an account. */
export async function logIn(
  server: ServerDescription,
  options: RequestOptions,
  { username, password, origin, remedy }: Extract<Credentials, { kind: "password" }>,
): Promise<string> {
  const { code, body } = await send(server, options, "/auth/v2/tokens", { login: username, password });
  const { result, token }: Readonly<Record<string, unknown>> = isRecord(body) ? body : {};
  if (result === "login_ok" && typeof token === "string") return token;
  if (result === "twofactor_required" || result === "twofactor_options") throw secondFactor(username, origin);
  const refusal = withoutSecret(decodeRefusal(code, body), password);
  if (isAddressRefusal(refusal)) throw refusedAddress(refusal, server, origin);
  if (code === 400 || code === 401 || code === 403) {
    throw new UserError("GU007", `${server.description} refuses user and password from ${origin}. ${remedy}`);
  }
  if (code === 404)
    throw (await hasApiVersion("v1", server, options)) ? unsupportedVersion(server) : notCleura(server);
  if (code === 500 || isRetryableStatus(code))
    throw unreachableFailure(server, `it answers ${code} to a login`);
  const response = isRecord(body) ? "without a token" : "without JSON";
  throw new UserError("GU013", `${server.description} answers a login with status ${code}, ${response}.`);
}

function secondFactor(username: string, origin: string): UserError {
  return new UserError(
    "GU017",
    `The Cleura account ${username} (${origin}) requires a second factor (a code by SMS, or WebAuthn), which cannot be entered here. Create an ` +
      "API token in the control panel and set CLEURA_API_TOKEN, log in with `cleura login`, or, in a pipeline, use a " +
      "service account without a second factor.",
  );
}
