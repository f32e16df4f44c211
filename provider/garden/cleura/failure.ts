/** Refusals by Cleura's API: decoded, classified, and as failures. */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import { foreignText } from "../../model/text";
import type { ApiStatus, ServerDescription } from "../http";

/** `{error: {code, message, errors?: [{key, value}]}}`. */
export function decodeRefusal(code: number, body: unknown): ApiStatus {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const errors: readonly unknown[] = Array.isArray(error["errors"]) ? error["errors"] : [];
  const textOf = (value: unknown) => (typeof value === "string" ? foreignText(value) : "");
  return {
    code,
    reason: "",
    message: textOf(error["message"]),
    causes: errors
      .filter(isRecord)
      .map((entry) => ({ field: textOf(entry["key"]), message: textOf(entry["value"]) })),
  };
}

/** Cleura's message, with each field that it names. */
export function messageOf({ code, message, causes }: ApiStatus): string {
  const fields = causes.map(({ field, message: text }) => (field === "" ? text : `${field}: ${text}`));
  return [message === "" ? `status ${code}` : message, ...fields].join("; ");
}

/** Distinguished from a missing right by its message ("Forbidden IP"): both are 403. */
export function isAddressRefusal({ code, message }: ApiStatus): boolean {
  return code === 403 && /(?<![a-z]|floating[ _-])ip(?![a-z])/i.test(message);
}

/**
 * The OpenAPI document specifies 401, real servers answer 403 with `Invalid token`. A missing right is 403
 * too ("No access: Your user does not have access to this method."), without the word token.
 */
export function isTokenRefusal({ code, message }: ApiStatus): boolean {
  return code === 403 && /(?<![a-z])token(?![a-z])/i.test(message);
}

export function refusedToken(server: ServerDescription, remedy: string): UserError {
  return new UserError(
    "GU007",
    `${server.description} does not accept the token from ${server.origin}. ${remedy}`,
  );
}

/** A shorter one could be part of a common word. */
const SHORTEST_SECRET = 6;

/** A server may repeat in its message what it received. */
export function withoutSecret(status: ApiStatus, secret = ""): ApiStatus {
  if (secret.length < SHORTEST_SECRET) return status;
  const redact = (text: string) => text.replaceAll(secret, "…");
  return {
    ...status,
    message: redact(status.message),
    causes: status.causes.map(({ field, message }) => ({ field: redact(field), message: redact(message) })),
  };
}

export function refusedAddress(
  status: ApiStatus,
  server: ServerDescription,
  origin = server.origin,
): UserError {
  return new UserError(
    "GU014",
    `${server.description} refuses this network address: ${messageOf(status)}. The account (credentials: ${origin}) has IP ` +
      "restrictions: run from an allowed address, or add this one to the account.",
  );
}

export function missingRight(
  subject: string,
  status: ApiStatus,
  { description, origin }: ServerDescription,
): UserError {
  return new UserError(
    "GU008",
    `${subject}: the account (credentials: ${origin}) lacks the right to do this. ${description} reports: ${messageOf(status)}`,
  );
}

const CHECK_ADDRESS = "check the address (CLEURA_API_URL, gardener:cleuraUrl)";

export function unsupportedVersion({ description }: ServerDescription): UserError {
  return new UserError(
    "GU018",
    `${description} has version 1 of Cleura's API, expected version 2: ${CHECK_ADDRESS}, or ask ` +
      "its operator for version 2.",
  );
}

export function notCleura({ description }: ServerDescription): UserError {
  return new UserError(
    "GU013",
    `What answers as ${description} has the paths of no version of Cleura's API: ${CHECK_ADDRESS}.`,
  );
}
