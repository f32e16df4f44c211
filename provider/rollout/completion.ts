/** When a change of versions is done, as far as the Shoot itself tells. */
import { hasAppliedSpec, isObserved } from "../model/operation";
import type { Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached } from "../plan";

export interface AwaitedChange {
  readonly uid: string;
  /** What the write answered: an operation that observes less is one from before. */
  readonly generation: number;
  readonly target: Target;
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
