/** What a live Shoot reports about a rollout that is not complete, and about who started it. */
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { Target } from "../model/plan";
import { UserError } from "../model/problem";
import { FIELD_MANAGER, shootId, type Shoot } from "../model/shoot";
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

/**
 * A change of ours that waits for the maintenance window: with `confineSpecUpdateRollout` it does
 * not raise the generation, and no field of the status reports it. What remains is that we wrote
 * versions after the last operation (gardener pkg/apiserver/registry/core/shoot/strategy.go).
 */
export function awaitsWindow(shoot: Shoot): boolean {
  const operated = shoot.lastOperation?.lastUpdateTime;
  if (!shoot.maintenance.confineSpecUpdateRollout || operated === undefined) return false;
  return (shoot.owners ?? []).some(
    ({ manager, time }) => manager === FIELD_MANAGER && time !== undefined && time > operated,
  );
}

/** @throws UserError GU052 for another cluster than the one that was adopted. */
export function assertAdopted(shoot: Shoot, { shootUid }: { readonly shootUid: string }): void {
  if (shoot.uid === shootUid) return;
  throw new UserError(
    "GU052",
    `Shoot ${shootId(shoot.ref)} is another cluster than the one that was adopted: its uid was ${shootUid} and is ${shoot.uid}. ` +
      "It was deleted and created again, or this is another garden. Nothing was written. If this cluster is meant, " +
      "remove the old one from the stack with `pulumi state delete`; the next `pulumi up` adopts this one.",
  );
}
