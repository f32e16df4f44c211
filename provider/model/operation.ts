/**
 * What a Shoot's status reports of Gardener's work on it. Each test of the last operation has its one
 * home here; names follow Gardener's own (pkg/apis/core/v1beta1/helper, pkg/utils/kubernetes/health).
 */
import { FIELD_MANAGER, type Shoot } from "./shoot";

/** Gardener has read the spec of that generation. It sets observedGeneration and Processing in one update. */
export function isObserved(shoot: Shoot, generation = shoot.generation): boolean {
  return (shoot.observedGeneration ?? 0) >= generation;
}

/** Of any operation, one that applies no spec too, such as a migration. */
export function isObservedAtLatestGenerationAndSucceeded(shoot: Shoot): boolean {
  return isObserved(shoot) && shoot.lastOperation?.state === "Succeeded";
}

/** The last operation is one that applies the spec. */
export function appliesSpec({ lastOperation }: Shoot): boolean {
  const type = lastOperation?.type;
  return type === "Create" || type === "Reconcile" || type === "Restore";
}

/** The last operation has applied the spec. */
export function hasAppliedSpec(shoot: Shoot): boolean {
  return appliesSpec(shoot) && shoot.lastOperation?.state === "Succeeded";
}

/** An operation runs, or Gardener is about to try it again after an error. */
export function isInProgress({ lastOperation }: Shoot): boolean {
  const state = lastOperation?.state;
  return state === "Processing" || state === "Pending" || state === "Error";
}

/** Gardener does not retry the latest spec. */
export function hasFailed(shoot: Shoot): boolean {
  return isObserved(shoot) && shoot.lastOperation?.state === "Failed";
}

/** The control plane is on its way to another seed: Gardener refuses changes. */
export function isMigrating({ lastOperation }: Shoot): boolean {
  const { type, state } = lastOperation ?? {};
  return type === "Migrate" || ((type === "Restore" || type === "LiveMigrate") && state !== "Succeeded");
}

/** A live migration is over: it applies no spec, so its success completes no rollout. */
export function hasMigratedLive({ lastOperation }: Shoot): boolean {
  return lastOperation?.type === "LiveMigrate" && lastOperation.state === "Succeeded";
}

/** Hibernated, on its way there, or waking up: no nodes, or not all of them. */
export function isHibernated({ hibernation }: Shoot): boolean {
  return hibernation.enabled || hibernation.hibernated;
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
