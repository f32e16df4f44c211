/** Cleura's refusals, in its own words and in ours. */
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

/** Cleura's words, with each field that it names. */
export function messageOf({ code, message, causes }: ApiStatus): string {
  const fields = causes.map(({ field, message: text }) => (field === "" ? text : `${field}: ${text}`));
  return [message === "" ? `status ${code}` : message, ...fields].join("; ");
}

/** Told from a missing right by its words ("Forbidden IP"): both are 403. */
export function isAddressRefusal({ code, message }: ApiStatus): boolean {
  return code === 403 && /(?<![a-z]|floating[ _-])ip(?![a-z])/i.test(message);
}

/**
 * The published document says 401, real servers answer 403 with `Invalid token`; a missing right is 403
 * too ("No access: Your user does not have access to this method.") and says nothing of a token.
 */
export function isTokenRefusal({ code, message }: ApiStatus): boolean {
  return code === 403 && /(?<![a-z])token(?![a-z])/i.test(message);
}

export function refusedToken(line: ServerDescription, remedy: string): UserError {
  return new UserError(
    "GU007",
    `${line.description} does not accept the token from ${line.origin}. ${remedy}`,
  );
}

/** What is shorter is part of common words. */
const SHORTEST_SECRET = 6;

/** A server may send back what it was sent. */
export function withoutSecret(status: ApiStatus, secret = ""): ApiStatus {
  if (secret.length < SHORTEST_SECRET) return status;
  const redact = (text: string) => text.replaceAll(secret, "…");
  return {
    ...status,
    message: redact(status.message),
    causes: status.causes.map(({ field, message }) => ({ field: redact(field), message: redact(message) })),
  };
}

export function refusedAddress(status: ApiStatus, line: ServerDescription, origin = line.origin): UserError {
  return new UserError(
    "GU014",
    `${line.description} does not let this network address in: ${messageOf(status)}. The account (credentials: ${origin}) has IP ` +
      "restrictions: run from an allowed address, or have this one added.",
  );
}

export function missingRight(
  subject: string,
  status: ApiStatus,
  { description, origin }: ServerDescription,
): UserError {
  return new UserError(
    "GU008",
    `${subject}: the account (credentials: ${origin}) lacks the right to do this. ${description} says: ${messageOf(status)}`,
  );
}

/** The fault is in the address: compare it. */
const COMPARE = "compare the address (CLEURA_API_URL, gardener:cleuraUrl)";

export function otherVersion({ description }: ServerDescription): UserError {
  return new UserError(
    "GU018",
    `${description} speaks version 1 of Cleura's API and not version 2. Version 1 is not supported: ${COMPARE}, or ask ` +
      "its operator for version 2.",
  );
}

export function noCleura({ description }: ServerDescription): UserError {
  return new UserError(
    "GU013",
    `What answers as ${description} knows the paths of no version of Cleura's API: ${COMPARE}.`,
  );
}
