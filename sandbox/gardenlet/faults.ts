/** Faults for tests and demonstrations, requested by an annotation on the Shoot. */

export const FAULT_ANNOTATION = "sandbox.pulumi-gardener.io/fault";

export type Fault =
  /** The first attempt ends with Error in the middle, the next one succeeds. */
  | { readonly kind: "errorOnce" }
  /** Failed, with this code. */
  | { readonly kind: "fail"; readonly code: string }
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

const MESSAGES: Readonly<Record<string, string>> = {
  ERR_INFRA_QUOTA_EXCEEDED: "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances",
};

export function readFault(annotations: Readonly<Record<string, string>>): Fault | undefined {
  const [name, value] = (annotations[FAULT_ANNOTATION] ?? "").split("=");
  if (name === "error-once") return { kind: "errorOnce" };
  if (name === "fail" && value !== undefined) return { kind: "fail", code: value };
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
  const error = `Cloud provider message - machine codes error: code = [ResourceExhausted] message = [${MESSAGES[code] ?? code}]`;
  return { cause: `machine(s) failed: 1 error occurred: "${machine}": ${error}`, codes: [code], final: true };
}
