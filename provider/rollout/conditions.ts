/** What a wait waits for: conditions over a state, in order. */
import type { UserError } from "../model/problem";

export interface Waiting {
  readonly kind: "waiting";
  /** Completes "waiting for". */
  readonly reason: string;
  /** When to evaluate again although nothing has changed. */
  readonly evaluateAt?: Date;
}

export type Evaluation =
  { readonly kind: "done" } | Waiting | { readonly kind: "failed"; readonly error: UserError };

export type Condition<S> = (state: S) => Evaluation;

export const done: Evaluation = { kind: "done" };

export function waiting(reason: string, evaluateAt?: Date): Evaluation {
  return { kind: "waiting", reason, evaluateAt };
}

export function failed(error: UserError): Evaluation {
  return { kind: "failed", error };
}

/** The first condition that is not met decides. */
export function evaluateAll<S>(conditions: readonly Condition<S>[], state: S): Evaluation {
  for (const condition of conditions) {
    const evaluation = condition(state);
    if (evaluation.kind !== "done") return evaluation;
  }
  return done;
}
