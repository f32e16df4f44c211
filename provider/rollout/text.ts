/** Parts of messages. */
import type { GardenCapabilities } from "../model/capabilities";
import { describeProblem } from "../model/problem";
import type { Shoot, ShootRef } from "../model/shoot";
import { head, tail, truncate } from "../model/text";
import { howToRetry } from "../plan";

/** One line, of at most so many characters. */
export function shorten(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return truncate(line, longest);
}

/** As {@link shorten}, but cut in the middle: chains of errors begin with the task and end with the cause. */
export function shortenMiddle(text: string, longest: number): string {
  const line = shorten(text, Number.POSITIVE_INFINITY);
  if (line.length <= longest) return line;
  const end = Math.floor((longest - 3) * 0.6);
  return `${head(line, longest - 3 - end).trimEnd()} … ${tail(line, end).trimStart()}`;
}

/** Ends as a sentence does. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A command against the garden for this Shoot. */
export function annotateCommand(ref: ShootRef, what: string): string {
  return `\`kubectl --namespace ${ref.namespace} annotate shoot ${ref.name} ${what}\` on the garden`;
}

/** The last operation that Gardener reports, as a sentence. */
export function lastOperationText({ lastOperation: operation, lastErrors }: Shoot): string {
  if (operation === undefined) return "Gardener has not reported an operation yet.";
  const errors = lastErrors.map((error) => error.description).join(" · ");
  const message = shortenMiddle(errors === "" ? operation.description : errors, 500);
  const state = `Last operation: ${operation.type} ${operation.state} at ${operation.progress} %`;
  return sentence(message === "" ? state : `${state}: ${message}`);
}

/** How a failed operation is retried once its cause is fixed. */
export function retryHint(ref: ShootRef, capabilities: GardenCapabilities): string {
  return `When the cause is fixed, retry the operation: ${howToRetry(ref, capabilities)}.`;
}

/** Ends every message of a failure after the write. */
export const CONTINUES =
  "The stack's state is unchanged; the next `pulumi up` continues from the live Shoot.";

/** Sentences that the garden returned, uncut, each on a line of its own. */
export function detailLines(details: readonly string[]): string {
  return details.map((detail) => `\n  ${sentence(detail.trim())}`).join("");
}

/** For a Shoot whose rollout may be started later only. @param done steps of this run that are complete. */
export function describeWaiting(label: string, reason: string, done: readonly string[]): string {
  const written =
    done.length === 0 ? "Nothing was written" : `Nothing more was written, after: ${done.join("; ")}`;
  return describeProblem({
    code: "GU081",
    message: `${label}: pending (${reason}). ${written}; a later \`pulumi up\` continues.`,
  });
}
