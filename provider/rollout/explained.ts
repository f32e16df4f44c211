/** Errors of a rollout, with the cluster's name and with what was reached. */
import { naming, reworded, UserError } from "../model/problem";
import { shootId } from "../model/shoot";
import type { Preparation } from "./preparation";
import type { RolloutRequest } from "./types";

export interface Progress {
  /** Descriptions of the steps that are complete. */
  readonly done: string[];
  /** Descriptions of the steps after the one that was written last. */
  left: readonly string[];
  show(line: string): void;
}

/** With what was reached until then. */
export async function explained<Thrown>(
  error: Thrown,
  request: RolloutRequest,
  preparation: Preparation,
  { done, left }: Progress,
): Promise<Thrown | UserError> {
  const sentences = [await preparation.revertUnused(), doneBefore(done), leftAfter(left)];
  return withMore(named(error, request), sentences);
}

function named<Thrown>(error: Thrown, { label, ref }: RolloutRequest): Thrown | UserError {
  return error instanceof UserError ? naming(error, [`${label}:`, shootId(ref)], label) : error;
}

/** The error, with further sentences. */
function withMore<Thrown>(error: Thrown, sentences: readonly (string | undefined)[]): Thrown | UserError {
  const known = sentences.flatMap((text) => text ?? []);
  if (!(error instanceof UserError) || known.length === 0) return error;
  return reworded(error, [error.message, ...known].join(" "));
}

function doneBefore(done: readonly string[]): string | undefined {
  return done.length === 0 ? undefined : `Completed before: ${done.join("; ")}.`;
}

function leftAfter(left: readonly string[]): string | undefined {
  return left.length === 0 ? undefined : `Left after that: ${left.join("; ")}.`;
}
