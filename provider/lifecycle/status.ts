/** What a live Shoot reports about a rollout that is not complete, and about who started it. */
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { Target } from "../model/plan";
import { FIELD_MANAGER, type Shoot } from "../model/shoot";
import { changedFields, specVersions } from "../plan";

/**
 * A rollout of ours that is not complete: we may have written versions that differ from `before`, and
 * Gardener is still reconciling the Shoot or has failed. The nightly reconciliation of a cluster that
 * has reached its target is no rollout.
 * @param before the versions that ran before; undefined: not known.
 */
export function hasUnfinishedRollout(before: Target | undefined, shoot: Shoot): boolean {
  return !isObservedAtLatestGenerationAndSucceeded(shoot) && mayBeWrittenByUs(before, shoot);
}

/**
 * Versions of the spec that differ from `before` were written by us, or may have been.
 * @param before the versions that ran before; undefined: not known.
 */
export function mayBeWrittenByUs(before: Target | undefined, shoot: Shoot): boolean {
  const { owners } = shoot;
  const changed = before === undefined ? undefined : changedFields(before, specVersions(shoot));
  // Without managedFields: to await a rollout of somebody else does no harm, not to await ours does.
  if (owners === undefined) return changed === undefined || changed.length > 0;
  return owners.some(
    ({ manager, field }) => manager === FIELD_MANAGER && (changed === undefined || changed.includes(field)),
  );
}
