/** What a live Shoot says about the versions it runs and about rollouts that are not at their end. */
import type { Target } from "../model/plan";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { changedFields, specVersions } from "../plan";
import { UserError } from "../model/problem";
import { FIELD_MANAGER, shootId, type Shoot } from "../model/shoot";

/**
 * A rollout of ours that is not at its end: versions that differ from `before` were written by us,
 * and Gardener is still at work on the Shoot or has given up. Versions that somebody else has
 * written are theirs to follow, and the nightly reconcile of a cluster that is where it should be is
 * no rollout.
 */
export function unfinished(before: Target, shoot: Shoot): boolean {
  return (
    !isObservedAtLatestGenerationAndSucceeded(shoot) &&
    changedFields(before, specVersions(shoot)).some((field) => isOurs(shoot, field))
  );
}

/** The same where it is not known what ran before. */
export function maybeUnfinished(shoot: Shoot): boolean {
  return !isObservedAtLatestGenerationAndSucceeded(shoot) && mayBeOurs(shoot);
}

/** We have written to the Shoot, or nobody tells who has. */
export function mayBeOurs({ owners }: Shoot): boolean {
  return owners === undefined || owners.some(({ manager }) => manager === FIELD_MANAGER);
}

export function isOurs(shoot: Shoot, field: string): boolean {
  // Where nobody tells, following somebody else's change to its end does no harm; leaving ours does.
  if (shoot.owners === undefined) return true;
  return shoot.owners.some((owner) => owner.field === field && owner.manager === FIELD_MANAGER);
}

/**
 * A change of ours that waits for the maintenance window: with `confineSpecUpdateRollout` it does
 * not raise the generation, and no field of the status tells of it. What is left is that we wrote
 * versions after the last operation (gardener pkg/apiserver/registry/core/shoot/strategy.go).
 */
export function awaitsWindow(shoot: Shoot): boolean {
  const operated = shoot.lastOperation?.lastUpdateTime;
  if (!shoot.maintenance.confineSpecUpdateRollout || operated === undefined) return false;
  return (shoot.owners ?? []).some(
    ({ manager, time }) => manager === FIELD_MANAGER && time !== undefined && time > operated,
  );
}

export function anotherCluster(shoot: Shoot, adopted: string): UserError {
  return new UserError(
    "GU052",
    `Shoot ${shootId(shoot.ref)} is another cluster than the one that was adopted: its uid was ${adopted} and is ${shoot.uid}. ` +
      "It was deleted and created again, or this is another garden. Nothing was written. Where this one is meant, take " +
      "the old one out of the stack with `pulumi state delete`; the next `pulumi up` adopts this one.",
  );
}
