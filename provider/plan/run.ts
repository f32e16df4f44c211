/** Which of the steps to a target one run performs. */
import { isManaged, type Plan, type ResolvedTarget, type Step, type Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { afterSteps } from "./change";
import { managedVersions, specVersions } from "./target";
import { isNewer } from "./versions";

export interface Runs {
  readonly steps: readonly Step[];
  readonly later: readonly Step[];
}

/** So many minors, with what follows each of them before the next. */
export function limitMinors(steps: readonly Step[], maxMinors = Infinity): Runs {
  const minors = steps.filter(({ kubernetes }) => kubernetes?.minor === true);
  const next = minors[maxMinors];
  const index = next === undefined ? steps.length : steps.indexOf(next);
  return { steps: steps.slice(0, index), later: steps.slice(index) };
}

/** The versions that this run comes to: the target, unless something is left for later runs. */
export function targetOfRun({ target, steps, later }: Plan, shoot: Shoot): ResolvedTarget {
  return later.length === 0 ? target : targetAfter(steps, target, shoot);
}

/** What steps come to that are a part of those to the target. */
export function targetAfter(steps: readonly Step[], target: ResolvedTarget, shoot: Shoot): ResolvedTarget {
  const { downgrades } = target;
  const versions = managedVersions(specVersions(afterSteps(shoot, steps)), target);
  return { ...versions, ...(downgrades !== undefined && { downgrades }) };
}

/** Of steps that were planned again, those of a run that comes to these versions. */
export function stepsOfRun(steps: readonly Step[], { kubernetesVersion }: Target): readonly Step[] {
  if (!isManaged(kubernetesVersion)) return steps;
  const index = steps.findIndex(
    ({ kubernetes }) => kubernetes !== undefined && isNewer(kubernetes.to, kubernetesVersion),
  );
  return index < 0 ? steps : steps.slice(0, index);
}
