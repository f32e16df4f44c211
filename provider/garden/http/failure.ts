/** What went wrong on the line, in words for the person who has to mend it. No content of any answer but the server's Status. */
import { X509Certificate } from "node:crypto";
import type { RequestOptions } from "node:https";
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { isRbacRefusal, isWordless, type ApiStatus } from "./status";
import { TimeoutFailure } from "./transport";

/** Stands for the authority that has to have signed it. */
const AUTHORITY = "<authority>";

/** Node's and OpenSSL's codes for a server certificate that does not pass. */
const untrusted: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: `was issued by a CA that is not ${AUTHORITY}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `was issued by a CA that is not ${AUTHORITY}`,
  UNABLE_TO_GET_ISSUER_CERT: "was issued by an unknown CA",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `was issued by a CA that is not ${AUTHORITY}`,
  CERT_SIGNATURE_FAILURE: "was not signed by the CA that it names",
  CERT_UNTRUSTED: "is not trusted",
  CERT_REJECTED: "is rejected",
  CERT_HAS_EXPIRED: "has expired, or this machine's clock is wrong",
  CERT_NOT_YET_VALID: "is not valid yet, or this machine's clock is wrong",
  INVALID_CA: "was issued by a certificate that is no CA",
  INVALID_PURPOSE: "is not made for servers",
  HOSTNAME_MISMATCH: "is made for another host",
  ERR_TLS_CERT_ALTNAME_INVALID: "is made for another host",
};

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing accepts connections there (ECONNREFUSED)",
  ENOTFOUND: "the host name is not known (ENOTFOUND)",
  EAI_AGAIN: "the host name could not be looked up (EAI_AGAIN)",
  ETIMEDOUT: "no answer in time (ETIMEDOUT)",
  EHOSTUNREACH: "there is no route to the host (EHOSTUNREACH)",
  ENETUNREACH: "there is no route to the network (ENETUNREACH)",
  ECONNRESET: "the connection was closed (ECONNRESET)",
  EPIPE: "the connection was closed (EPIPE)",
  EPROTO: "what answers there does not speak TLS (EPROTO)",
  ERR_SSL_WRONG_VERSION_NUMBER: "what answers there does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "what answers there does not speak TLS",
};

/** What messages about a line need. */
export type ServerDescription = Omit<Connection, "requestOptions" | "refresh" | "remedy">;

/** For a request that never got an answer. What is no failure of a line, such as an abort or a bug, stays what it is. */
export function connectionFailure(
  error: unknown,
  connection: ServerDescription & { readonly remedy?: string },
): unknown {
  const code = codeOf(error);
  const onTheLine = error instanceof TimeoutFailure || code !== "" || proxyRefusal(error) !== undefined;
  if (error instanceof UserError || isAbort(error) || !onTheLine) return error;
  const trouble = untrusted[code];
  if (trouble !== undefined) return tlsFailure(connection, trouble, code);
  if (/^ERR_SSL_.*(ALERT|CERTIFICATE)/.test(code)) {
    return new UserError(
      "GU007",
      `${capital(connection.description)} refuses the client certificate (${code}). Credentials: ${connection.origin}. ${connection.remedy ?? ""}`.trimEnd(),
    );
  }
  return unreachableFailure(connection, causeOf(error, code));
}

export function unreachableFailure(connection: ServerDescription, cause: string): UserError {
  const { server, proxy } = connection;
  const through = proxy === undefined ? "" : ` through the proxy ${proxy}`;
  return new UserError(
    "GU005",
    `${capital(connection.description)} cannot be reached at ${server.hostname}:${server.port || "443"}${through}: ${cause}. ` +
      `Address: ${connection.addressOrigin ?? connection.origin}.`,
    { retryable: true },
  );
}

/** These come before anything is sent, on a connection that is opened for the request. */
const beforeSending = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

export function isBeforeSending(error: unknown): boolean {
  return beforeSending.has(codeOf(error)) || proxyRefusal(error) !== undefined;
}

/** For a write that may have arrived: whoever gets it reads back before anything else. */
export function writeInDoubt(failure: UserError): UserError {
  const { code, message, property, retryable } = failure;
  const sentence = `${message.replace(/\.$/, "")}. It is not known whether the change was written; preview again to see.`;
  return new UserError(code, sentence, { property, retryable, writeOutcome: "unknown", cause: failure });
}

function tlsFailure(connection: ServerDescription, trouble: string, code: string): UserError {
  const {
    description,
    origin,
    addressOrigin,
    authority = "the kubeconfig's certificate-authority",
  } = connection;
  const compare =
    addressOrigin === undefined
      ? `Compare server, certificate-authority-data and tls-server-name in ${origin}.`
      : `Address: ${addressOrigin}.`;
  return new UserError(
    "GU006",
    `The certificate of ${description} ${trouble.replace(AUTHORITY, authority)} (${code}). ${compare}`,
  );
}

function causeOf(error: unknown, code: string): string {
  if (error instanceof TimeoutFailure) return error.message;
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return refusal;
  return unreachable[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
}

/** What the agents of hpagent and socks-proxy-agent throw, which have no codes. */
function proxyRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "SocksClientError" || error.constructor.name === "SocksClientError")
    return "the SOCKS proxy refuses";
  const code = /^Bad response: (\d{3})$/.exec(error.message)?.[1];
  if (code === undefined) return undefined;
  return `the proxy answers ${code}${code === "407" ? ", it wants credentials" : ""}`;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

export function codeOf(error: unknown): string {
  return isRecord(error) && typeof error["code"] === "string" ? error["code"] : "";
}

/**
 * 401, after the credentials were read anew.
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
    { retryable: accepted && expiry === "" && connection.mendable !== false },
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

/** `exp` of a JWT; other tokens tell nothing. */
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

export interface RequestedRight {
  /** RBAC's word: get, list, watch, patch, create. */
  readonly verb: string;
  /** RBAC's resource: `shoots`, `shoots/viewerkubeconfig`. */
  readonly resource: string;
  readonly namespace?: string;
  /** What it was about, for messages: `Shoot garden-demo/web`. */
  readonly subject: string;
}

/** For an answer that no caller can go on with: a missing right, or something unexpected. */
export function statusFailure(status: ApiStatus, request: RequestedRight, connection: Connection): UserError {
  if (isRbacRefusal(status)) return missingRight(status, request, connection);
  const failure = new UserError(
    "GU013",
    `${request.subject}: ${connection.description} answered ${status.code}${status.reason === "" ? "" : ` ${status.reason}`} ` +
      `to ${request.verb} ${request.resource}${status.message === "" ? "" : `: ${status.message}`}`,
    { retryable: status.code >= 500 || isWordless(status) },
  );
  return status.writeOutcome === undefined ? failure : writeInDoubt(failure);
}

function missingRight(status: ApiStatus, request: RequestedRight, connection: Connection): UserError {
  const where = request.namespace === undefined ? "cluster-wide" : `in the namespace ${request.namespace}`;
  const hints = [
    request.namespace?.startsWith("garden") === false
      ? ` A project's namespace is called garden-<project> as a rule; one that does not exist is refused in the same way.`
      : "",
    status.message.includes('"system:anonymous"') ? " The kubeconfig's user holds no credentials." : "",
  ];
  return new UserError(
    "GU008",
    `${request.subject}: the right to ${request.verb} ${request.resource} ${where} is missing.${hints.join("")} ` +
      `${capital(connection.description)} says: ${status.message}`,
  );
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
