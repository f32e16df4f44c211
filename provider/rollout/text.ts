/** Small pieces of messages. */
import type { GardenCapabilities } from "../model/capabilities";
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

/** `12m 3s`, `2h 30m`. */
export function spell(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const text = parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join(" ");
  return text === "" ? "0s" : text;
}

/** `1 node`, `3 nodes`. */
export function count(howMany: number, what: string): string {
  return `${howMany} ${what}${howMany === 1 ? "" : "s"}`;
}

/** `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** Ends as a sentence does. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A command against the garden about this Shoot. */
export function annotateCommand(ref: ShootRef, what: string): string {
  return `\`kubectl --namespace ${ref.namespace} annotate shoot ${ref.name} ${what}\` on the garden`;
}

/** What Gardener said last about the Shoot, as a sentence. */
export function lastOperationText({ lastOperation: operation, lastErrors }: Shoot): string {
  if (operation === undefined) return "Gardener has not said anything about it yet.";
  const errors = lastErrors.map((error) => error.description).join(" · ");
  const words = shortenMiddle(errors === "" ? operation.description : errors, 500);
  const state = `Gardener's last words: ${operation.type} ${operation.state} at ${operation.progress} %`;
  return sentence(words === "" ? state : `${state}: ${words}`);
}

/** How a failed operation is started again once its cause is mended. */
export function retryHint(ref: ShootRef, capabilities: GardenCapabilities): string {
  return `When it is mended, let Gardener start again: ${howToRetry(ref, capabilities)}.`;
}

/** Closes every message of a failure in the middle. */
export const CONTINUES =
  "The stack's state is unchanged, and the next `pulumi up` goes on from the live Shoot.";

/** Sentences of the garden, whole, one a line below the text before. */
export function detailLines(details: readonly string[]): string {
  return details.map((detail) => `\n  ${sentence(detail.trim())}`).join("");
}
