/** From what is observed of a Shoot, or from the outcome of its rollout, to the resource's outputs. */
import type { RolloutState } from "../model/enums";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { UNMANAGED, type ResolvedTarget, type Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { changedFields, managedVersions, reached, specVersions } from "../plan";
import type { RolloutOutcome } from "../rollout";
import { inputsOf, versionsOf, type Completion, type Inputs, type State } from "./state";

export interface Observed {
  readonly shoot: Shoot;
  /** The versions that run. */
  readonly observed: Target;
  readonly state: RolloutState;
}

/** The state without what {@link complete} adds. */
type Outputs = Omit<State, keyof Completion>;

/** @param target what the declaration resolves to; an adoption has it beside its inputs. */
export function outputsOf(
  inputs: Inputs,
  { shoot, observed, state }: Observed,
  target: ResolvedTarget = inputs,
): Outputs {
  const { kubernetesVersion, workers } = observed;
  const versions = {
    kubernetesVersion: kubernetesVersion === UNMANAGED ? shoot.kubernetesVersion : kubernetesVersion,
    workers,
  };
  return {
    ...inputsOf(shoot, inputs.garden ?? {}, versions, inputs.apiServer),
    target: versionsOf(target),
    state,
  };
}

/**
 * @param before the versions that ran before the rollout. @param target beyond the inputs where the run performs a part
 * of what is declared.
 */
export function outputsAfter(
  outcome: Exclude<RolloutOutcome, { kind: "blocked" }>,
  inputs: Inputs,
  before: Target,
  target: ResolvedTarget = inputs,
): Outputs {
  const { shoot } = outcome;
  const written = specVersions(shoot);
  switch (outcome.kind) {
    case "done":
    case "nothing": {
      const state = reached(target, shoot) ? "upToDate" : "pending";
      return outputsOf(inputs, { shoot, observed: written, state }, target);
    }
    case "written":
      return outputsOf(inputs, { shoot, observed: before, state: "inProgress" }, target);
    case "held":
    case "waits": {
      const observed = isObservedAtLatestGenerationAndSucceeded(shoot) ? written : before;
      return outputsOf(inputs, { shoot, observed, state: "pending" }, target);
    }
    case "confined":
      // Nothing of it runs before the maintenance window.
      return outputsOf(inputs, { shoot, observed: before, state: "pending" }, target);
  }
}

/**
 * The outputs with the moment of the last completion. It stays the same for as long as the versions do: it is renewed where
 * others run since then, and empty while the target is not reached.
 * @param old undefined: the Shoot is adopted. What it ran before is not known, so that the moment is that of the adoption.
 */
export function complete(outputs: Outputs, old: State | undefined, now: Date): State {
  const rolloutSeconds = old?.rolloutSeconds;
  const known = rolloutSeconds === undefined ? {} : { rolloutSeconds };
  if (outputs.state !== "upToDate") return { ...outputs, ...known, completedAt: "" };
  const isKnown = old !== undefined && old.completedAt !== "" && isUnchanged(old, outputs);
  return { ...outputs, ...known, completedAt: isKnown ? old.completedAt : now.toISOString() };
}

/** What is not managed does not count: it is not part of the target. */
function isUnchanged(old: State, { target, ...now }: Outputs): boolean {
  return changedFields(managedVersions(old, target), now).length === 0;
}

/** The outputs after a rollout that has begun at that moment. */
export function completeRollout(outputs: Outputs, old: State | undefined, begin: Date, now: Date): State {
  if (outputs.state !== "upToDate") return complete(outputs, old, now);
  const rolloutSeconds = Math.round((now.getTime() - begin.getTime()) / 1000);
  return { ...outputs, completedAt: now.toISOString(), rolloutSeconds };
}
