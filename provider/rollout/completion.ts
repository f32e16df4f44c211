/** Whether a change of versions is complete, as far as the Shoot itself reports. */
import { hasAppliedSpec, isObserved } from "../model/operation";
import type { ResolvedTarget } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached } from "../plan";

export interface AwaitedChange {
  readonly uid: string;
  /** As the write returned it: an operation that has observed an earlier one started before. */
  readonly generation: number;
  readonly target: ResolvedTarget;
}

export function isComplete(shoot: Shoot, change: AwaitedChange): boolean {
  return (
    shoot.deletionTimestamp === undefined &&
    shoot.uid === change.uid &&
    isObserved(shoot, change.generation) &&
    hasAppliedSpec(shoot) &&
    reached(change.target, shoot)
  );
}
