/** Faults for tests and demonstrations, asked for by an annotation on the Shoot. */

export const FAULT_ANNOTATION = "sandbox.pulumi-gardener.io/fault";

export type Fault =
  /** The first attempt ends with Error in the middle, the next one succeeds. */
  | { readonly kind: "errorOnce" }
  /** Failed: at once with a code that no retry mends, otherwise after retries. */
  | { readonly kind: "fail"; readonly code: string | undefined }
  /** Stops moving until the annotation is gone. */
  | { readonly kind: "stall" }
  /** The condition of this type is False while the annotation is there. */
  | { readonly kind: "unhealthy"; readonly condition: string }
  /** Succeeded is reported while an old node is still there, as Gardener 1.147.0 did. */
  | { readonly kind: "staleSuccess" };

/** What a fault does to an attempt once its first machine has moved. */
export type Interference =
  | { readonly kind: "none" }
  | { readonly kind: "stall" }
  | {
      readonly kind: "failure";
      readonly cause: string;
      readonly codes: readonly string[];
      readonly final: boolean;
    };

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

/** Stands for the twelve hours in which Gardener retries. */
const RETRIES = 2;

const CAUSES: Readonly<Record<string, string>> = {
  ERR_INFRA_UNAUTHENTICATED:
    "Cloud provider message - machine codes error: code = [Unauthenticated] message = [The request you have made requires authentication.]",
  ERR_INFRA_UNAUTHORIZED:
    "Cloud provider message - machine codes error: code = [PermissionDenied] message = [Policy doesn't allow os_compute_api:servers:create to be performed.]",
  ERR_INFRA_QUOTA_EXCEEDED:
    "Cloud provider message - machine codes error: code = [ResourceExhausted] message = [Quota exceeded for instances: Requested 1, but already used 10 of 10 instances]",
  ERR_INFRA_RATE_LIMITS_EXCEEDED:
    "Cloud provider message - machine codes error: code = [Internal] message = [Request limit exceeded: too many requests]",
  ERR_INFRA_RESOURCES_DEPLETED:
    "Cloud provider message - machine codes error: code = [ResourceExhausted] message = [No valid host was found. There are not enough hosts available.]",
};

export function readFault(annotations: Readonly<Record<string, string>>): Fault | undefined {
  const [name, value] = (annotations[FAULT_ANNOTATION] ?? "").split("=");
  switch (name) {
    case "error-once":
      return { kind: "errorOnce" };
    case "fail":
      return { kind: "fail", code: value };
    case "stall":
      return { kind: "stall" };
    case "unhealthy":
      return value === undefined ? undefined : { kind: "unhealthy", condition: value };
    case "stale-success":
      return { kind: "staleSuccess" };
    case undefined:
    default:
      return undefined;
  }
}

/** `failures`: how many attempts at this generation have failed already; `waiting`: what the worker would report. */
export function interfere(
  fault: Fault | undefined,
  failures: number,
  machine: string,
  waiting: string,
): Interference {
  switch (fault?.kind) {
    case "stall":
      return { kind: "stall" };
    case "errorOnce":
      return failures > 0 ? { kind: "none" } : { kind: "failure", cause: waiting, codes: [], final: false };
    case "fail": {
      const { code } = fault;
      const final = (code !== undefined && NOT_RETRIED.includes(code)) || failures >= RETRIES;
      if (code === undefined) return { kind: "failure", cause: waiting, codes: [], final };
      const reason =
        CAUSES[code] ?? `Cloud provider message - machine codes error: code = [Internal] message = [${code}]`;
      return {
        kind: "failure",
        cause: `machine(s) failed: 1 error occurred: "${machine}": ${reason}`,
        codes: [code],
        final,
      };
    }
    case "unhealthy":
    case "staleSuccess":
    case undefined:
      return { kind: "none" };
  }
}
