/** What went wrong on a connection, as a message for the person who has to fix it. It quotes nothing that was received. */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { TimeoutFailure } from "./transport";

/** Placeholder for the authority that has to have signed the certificate. */
const AUTHORITY = "<authority>";

/** Node's and OpenSSL's codes for a server certificate that is not accepted. */
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
  INVALID_CA: "was issued by a certificate that is not a CA",
  INVALID_PURPOSE: "is not issued for servers",
  HOSTNAME_MISMATCH: "is issued for another host",
  ERR_TLS_CERT_ALTNAME_INVALID: "is issued for another host",
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
  EPROTO: "the server does not speak TLS (EPROTO)",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "the server does not speak TLS",
};

/** What messages about a connection need. */
export type ServerDescription = Omit<Connection, "requestOptions" | "refresh" | "remedy">;

/** For a request without an answer. Anything but a failure of the connection, such as an abort or a bug, is returned as it is. */
export function connectionFailure(
  error: unknown,
  connection: ServerDescription & { readonly remedy?: string },
): unknown {
  const code = codeOf(error);
  const isOfConnection = error instanceof TimeoutFailure || code !== "" || proxyRefusal(error) !== undefined;
  if (error instanceof UserError || isAbort(error) || !isOfConnection) return error;
  const rejection = untrusted[code];
  if (rejection !== undefined) return tlsFailure(connection, rejection, code);
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

/** Occur before anything is sent, on a connection that is opened for the request. */
const beforeSending = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

export function isBeforeSending(error: unknown): boolean {
  return beforeSending.has(codeOf(error)) || proxyRefusal(error) !== undefined;
}

/** For a write that may have arrived: the caller reads back before anything else. */
export function writeInDoubt(failure: UserError): UserError {
  const { code, message, property, retryable } = failure;
  const sentence = `${message.replace(/\.$/, "")}. It is not known whether the change was written; preview again to see.`;
  return new UserError(code, sentence, { property, retryable, writeOutcome: "unknown", cause: failure });
}

function tlsFailure(connection: ServerDescription, rejection: string, code: string): UserError {
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
    `The certificate of ${description} ${rejection.replace(AUTHORITY, authority)} (${code}). ${compare}`,
  );
}

function causeOf(error: unknown, code: string): string {
  if (error instanceof TimeoutFailure) return error.message;
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return refusal;
  return unreachable[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
}

/** Errors of hpagent and socks-proxy-agent, which have no codes. */
function proxyRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "SocksClientError" || error.constructor.name === "SocksClientError")
    return "the SOCKS proxy refuses";
  const code = /^Bad response: (\d{3})$/.exec(error.message)?.[1];
  if (code === undefined) return undefined;
  return `the proxy answers ${code}${code === "407" ? ", it requires credentials" : ""}`;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

export function codeOf(error: unknown): string {
  return isRecord(error) && typeof error["code"] === "string" ? error["code"] : "";
}

/** For the beginning of a sentence. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
