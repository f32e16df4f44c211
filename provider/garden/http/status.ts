/** The API server's Status object (meta/v1): its answer to a request that it does not grant. */
import { isRecord } from "../../model/json";
import { foreignText } from "../../model/text";

export interface ApiStatus {
  readonly code: number;
  readonly reason: string;
  /** The server's own message; empty where it answered with something else than a Status. */
  readonly message: string;
  readonly causes: readonly { readonly field: string; readonly message: string }[];
  /** The pause that the server requests before the next attempt. */
  readonly retryAfterMs?: number;
  /** Of a write: the server, or what stands before it, failed after it had received the request. */
  readonly writeOutcome?: "unknown";
}

export function decodeStatus(code: number, body: unknown): ApiStatus {
  if (!isRecord(body) || body["kind"] !== "Status") return { code, reason: "", message: "", causes: [] };
  const details = isRecord(body["details"]) ? body["details"] : {};
  const causes: readonly unknown[] = Array.isArray(details["causes"]) ? details["causes"] : [];
  return {
    code: typeof body["code"] === "number" ? body["code"] : code,
    reason: textOf(body["reason"]),
    message: textOf(body["message"]),
    causes: causes
      .filter(isRecord)
      .map((cause) => ({ field: textOf(cause["field"]), message: textOf(cause["message"]) })),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? foreignText(value) : "";
}

/**
 * RBAC's refusals name the user and the verb; those of admission plugins, also 403 with the reason
 * Forbidden, do not (k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go).
 */
export function isRbacRefusal(status: ApiStatus): boolean {
  return status.code === 403 && /\bUser "[^"]*" cannot [a-z]+ /.test(status.message);
}

/** An answer of a gateway or proxy instead of the API server: the server may not have seen the request. */
export function isNoStatus({ reason, message }: ApiStatus): boolean {
  return reason === "" && message === "";
}

/** The texts of `Warning: 299 - "…"` headers (RFC 7234, as API servers write them). */
export function decodeWarnings(rawHeaders: readonly string[]): readonly string[] {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "warning",
  );
  return values.flatMap((value) =>
    [...value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      foreignText((match[1] ?? "").replace(/\\(.)/g, "$1")),
    ),
  );
}
