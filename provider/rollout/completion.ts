/** When a change of versions is done, as far as the Shoot itself tells. */
import { UNMANAGED, type Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached } from "../plan";

export interface AwaitedChange {
  readonly uid: string;
  /** What the write answered: an operation that observes less is one from before. */
  readonly generation: number;
  readonly target: Target;
}

/** Gardener sets observedGeneration and Processing in one update: no old success carries the new generation. */
export function isComplete(shoot: Shoot, change: AwaitedChange): boolean {
  return (
    shoot.deletionTimestamp === undefined &&
    shoot.uid === change.uid &&
    isObserved(shoot, change) &&
    hasSucceeded(shoot) &&
    reached(change.target, shoot)
  );
}

export function isObserved(shoot: Shoot, change: Pick<AwaitedChange, "generation">): boolean {
  return (shoot.observedGeneration ?? 0) >= change.generation;
}

/** The last operation is one that applies the spec, and it has succeeded. */
export function hasSucceeded(shoot: Shoot): boolean {
  const { type, state } = shoot.lastOperation ?? {};
  return state === "Succeeded" && (type === "Create" || type === "Reconcile" || type === "Restore");
}

export function isHibernated(shoot: Shoot): boolean {
  return shoot.hibernation.enabled || shoot.hibernation.hibernated;
}

export function isManaged(version: string): boolean {
  return version !== UNMANAGED;
}
