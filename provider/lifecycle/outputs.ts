/** From what is observed of a Shoot, or from the outcome of its rollout, to the resource's outputs. */
import type { RolloutState } from "../model/enums";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { UNMANAGED, type ResolvedTarget, type Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached, specVersions } from "../plan";
import type { RolloutOutcome } from "../rollout";
import { inputsOf, versionsOf, type Inputs, type State } from "./state";

export interface Observed {
  readonly shoot: Shoot;
  /** The versions that run. */
  readonly observed: Target;
  readonly state: RolloutState;
}

/** @param target what the declaration resolves to; an adoption has it beside its inputs. */
export function outputsOf(
  inputs: Inputs,
  { shoot, observed, state }: Observed,
  target: ResolvedTarget = inputs,
): State {
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
  outcome: RolloutOutcome,
  inputs: Inputs,
  before: Target,
  target: ResolvedTarget = inputs,
): State {
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
    case "held": {
      const observed = isObservedAtLatestGenerationAndSucceeded(shoot) ? written : before;
      return outputsOf(inputs, { shoot, observed, state: "pending" }, target);
    }
    case "confined":
      // Nothing of it runs before the maintenance window.
      return outputsOf(inputs, { shoot, observed: before, state: "pending" }, target);
  }
}
