/** Credentials that an API server refuses, and whether they have expired. */
import { X509Certificate } from "node:crypto";
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { capital } from "./connectionFailure";

/**
 * For 401, after the credentials were read again.
 * @param accepted whether the server has accepted credentials of this connection before: an API
 * server that restarts refuses all for some seconds.
 */
export function refusedCredentials(
  connection: Connection,
  options: RequestOptions,
  now: Date,
  accepted: boolean,
): UserError {
  const expiry = expiryOf(options, now);
  return new UserError(
    "GU007",
    `${capital(connection.description)} does not accept the credentials${expiry}. ` +
      `They come from ${connection.origin}. ${connection.remedy}`,
    { retryable: accepted && expiry === "" && connection.renewable !== false },
  );
}

function expiryOf(options: RequestOptions, now: Date): string {
  const certificate =
    typeof options.cert === "string" || Buffer.isBuffer(options.cert) ? options.cert : undefined;
  const expired = (what: string, at: Date | undefined) =>
    at !== undefined && at <= now ? `: the ${what} expired at ${at.toISOString()}` : undefined;
  return (
    expired("client certificate", certificate === undefined ? undefined : notAfter(certificate)) ??
    expired("token", tokenExpiry(options.headers)) ??
    ""
  );
}

function notAfter(certificate: string | Buffer): Date | undefined {
  try {
    return new Date(new X509Certificate(certificate).validTo);
  } catch {
    return undefined;
  }
}

/** `exp` of a JWT; other tokens do not show when they expire. */
function tokenExpiry(headers: RequestOptions["headers"]): Date | undefined {
  const header = isRecord(headers) ? headers["Authorization"] : undefined;
  const payload = typeof header === "string" ? header.split(".")[1] : undefined;
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return isRecord(claims) && typeof claims["exp"] === "number" ? new Date(claims["exp"] * 1000) : undefined;
  } catch {
    return undefined;
  }
}
