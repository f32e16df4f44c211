/** Faults for tests and demonstrations, requested by an annotation on the Shoot. */

export const FAULT_ANNOTATION = "sandbox.pulumi-gardener.io/fault";

export type Fault =
  /** The first attempt ends with Error in the middle, the next one succeeds. */
  | { readonly kind: "errorOnce" }
  /** Failed: at once with a code that is not retried, otherwise after retries. */
  | { readonly kind: "fail"; readonly code: string | undefined }
  /** No progress until the annotation is removed. */
  | { readonly kind: "stall" }
  /** The condition of this type is False while the annotation is present. */
  | { readonly kind: "unhealthy"; readonly condition: string }
  /** Succeeded is reported while an old node still exists, as Gardener 1.147.0 did. */
  | { readonly kind: "staleSuccess" };

export interface Failure {
  readonly cause: string;
  readonly codes: readonly string[];
  /** Failed rather than Error. */
  readonly final: boolean;
}

/** Codes that Gardener does not retry: `HasNonRetryableErrorCode` in its v1beta1 helpers. */
const NOT_RETRIED = [
  "ERR_INFRA_UNAUTHENTICATED",
  "ERR_INFRA_UNAUTHORIZED",
  "ERR_INFRA_QUOTA_EXCEEDED",
  "ERR_INFRA_DEPENDENCIES",
  "ERR_INFRA_RATE_LIMITS_EXCEEDED",
  "ERR_CONFIGURATION_PROBLEM",
  "ERR_PROBLEMATIC_WEBHOOK",
];

/** In place of the twelve hours in which Gardener retries. */
const RETRIES = 2;

const CAUSES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ERR_INFRA_UNAUTHENTICATED: ["Unauthenticated", "The request you have made requires authentication."],
  ERR_INFRA_UNAUTHORIZED: [
    "PermissionDenied",
    "Policy doesn't allow os_compute_api:servers:create to be performed.",
  ],
  ERR_INFRA_QUOTA_EXCEEDED: [
    "ResourceExhausted",
    "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances",
  ],
  ERR_INFRA_RATE_LIMITS_EXCEEDED: ["Internal", "Request limit exceeded: too many requests"],
  ERR_INFRA_RESOURCES_DEPLETED: [
    "ResourceExhausted",
    "No valid host was found. There are not enough hosts available.",
  ],
};

export function readFault(annotations: Readonly<Record<string, string>>): Fault | undefined {
  const [name, value] = (annotations[FAULT_ANNOTATION] ?? "").split("=");
  if (name === "error-once") return { kind: "errorOnce" };
  if (name === "fail") return { kind: "fail", code: value };
  if (name === "stall") return { kind: "stall" };
  if (name === "stale-success") return { kind: "staleSuccess" };
  return name === "unhealthy" && value !== undefined ? { kind: "unhealthy", condition: value } : undefined;
}

/**
 * How an attempt fails once its first machine has changed. `failures`: of earlier attempts at this generation;
 * `waiting`: what the worker would report.
 */
export function failureOf(
  fault: Fault | undefined,
  failures: number,
  machine: string,
  waiting: string,
): Failure | undefined {
  if (fault?.kind === "errorOnce") {
    return failures > 0 ? undefined : { cause: waiting, codes: [], final: false };
  }
  if (fault?.kind !== "fail") return undefined;
  const { code } = fault;
  const final = (code !== undefined && NOT_RETRIED.includes(code)) || failures >= RETRIES;
  if (code === undefined) return { cause: waiting, codes: [], final };
  const [reason, message] = CAUSES[code] ?? ["Internal", code];
  const error = `Cloud provider message - machine codes error: code = [${reason}] message = [${message}]`;
  return { cause: `machine(s) failed: 1 error occurred: "${machine}": ${error}`, codes: [code], final };
}
