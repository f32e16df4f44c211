/** `rollout.after` of a program as check receives it: outputs of other Shoots, which a preview may not know. */
import type { Declaration, Predecessor } from "../model/declaration";
import { isRecord } from "../model/json";
import { containsUnknown, UNKNOWN } from "./state";

export interface KnownDeclaration {
  /** With an empty moment for each that is not known: that rollout is not complete. */
  readonly declaration: unknown;
  /** In this run a rollout of `after` may complete, and this one start at once. */
  readonly mayFollow: boolean;
}

export function withoutUnknownMoments(declaration: unknown): KnownDeclaration {
  const rollout = isRecord(declaration) ? declaration["rollout"] : undefined;
  if (!isRecord(declaration) || !isRecord(rollout) || !containsUnknown(rollout["after"])) {
    return { declaration, mayFollow: false };
  }
  const { after, soak } = rollout;
  const moments: unknown[] = Array.isArray(after) ? after : [UNKNOWN];
  const known = moments.map((moment) => (moment === UNKNOWN ? "" : moment));
  return {
    declaration: { ...declaration, rollout: { ...rollout, after: known } },
    mayFollow: soak === undefined || soak === null,
  };
}

/** @param names of the components whose outputs are in `after`, in that order; undefined where one is not known. */
export function withNames(declaration: Declaration, names: readonly (string | undefined)[]): Declaration {
  const { rollout } = declaration;
  if (rollout.start === undefined) return declaration;
  const after = rollout.start.after.map((one, index): Predecessor => {
    const name = names[index];
    return name === undefined ? one : { ...one, name };
  });
  return { ...declaration, rollout: { ...rollout, start: { ...rollout.start, after } } };
}

export function decodeNames(value: unknown): readonly (string | undefined)[] {
  const names: unknown[] = Array.isArray(value) ? value : [];
  return names.map((name) => (typeof name === "string" && name !== "" ? name : undefined));
}
