/**
 * The record of the worker pools that a rollout holds back. They are pinned like those that a user pins, and managedFields do
 * not tell them apart, since Gardener's list of pools has one owner as a whole: an annotation that is written in the same
 * patch does.
 */
import { isRecord } from "./json";
import type { HeldBack } from "./plan";
import { ROLLOUT_ANNOTATION, type Shoot } from "./shoot";

/** Undefined where nothing is recorded, and where the record cannot be read: a pin is the user's then. */
export function recordOf({ annotations }: Pick<Shoot, "annotations">): HeldBack | undefined {
  const text = annotations[ROLLOUT_ANNOTATION];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !isRecord(value["pools"])) return undefined;
    const pools = Object.entries(value["pools"]).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    const { target, stack } = value;
    return {
      pools: Object.fromEntries(pools),
      target: typeof target === "string" ? target : "",
      ...(typeof stack === "string" && { stack }),
    };
  } catch {
    return undefined;
  }
}

export function isRecorded({ annotations }: Pick<Shoot, "annotations">): boolean {
  return annotations[ROLLOUT_ANNOTATION] !== undefined;
}

/** The annotation's value; null: it is removed. */
export function encodeRecord({ pools, target, stack }: HeldBack): string | null {
  if (Object.keys(pools).length === 0) return null;
  return JSON.stringify({ pools, target, ...(stack !== undefined && { stack }) });
}
