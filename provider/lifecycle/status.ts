/** What a live Shoot says about the versions it runs and about rollouts that are not at their end. */
import { entryOf } from "../model/json";
import { UNMANAGED, type WorkerVersions, type Target } from "../model/plan";
import { UserError } from "../model/problem";
import { effectiveKubernetesVersion, FIELD_MANAGER, shootId, type Shoot } from "../model/shoot";

/** The versions that live asks of control plane and pools, all of them. */
export function specVersions(shoot: Shoot): Target {
  const pools = shoot.workers.map((pool): [string, WorkerVersions] => [
    pool.name,
    {
      kubernetesVersion: effectiveKubernetesVersion(shoot, pool),
      machineImage: { name: pool.machineImage.name, version: pool.machineImage.version },
    },
  ]);
  return { kubernetesVersion: shoot.kubernetesVersion, workers: Object.fromEntries(pools) };
}

export function isReconciled(shoot: Shoot): boolean {
  return shoot.observedGeneration === shoot.generation && shoot.lastOperation?.state === "Succeeded";
}

/**
 * A rollout of ours that is not at its end: versions that differ from `before` were written by us,
 * and Gardener is still at work on the Shoot or has given up. Versions that somebody else has
 * written are theirs to follow, and the nightly reconcile of a cluster that is where it should be is
 * no rollout.
 */
export function unfinished(before: Target, shoot: Shoot): boolean {
  return (
    !isReconciled(shoot) && changedFields(before, specVersions(shoot)).some((field) => isOurs(shoot, field))
  );
}

/** The same where it is not known what ran before. */
export function maybeUnfinished(shoot: Shoot): boolean {
  return !isReconciled(shoot) && mayBeOurs(shoot);
}

/** We have written to the Shoot, or nobody tells who has. */
export function mayBeOurs({ owners }: Shoot): boolean {
  return owners === undefined || owners.some(({ manager }) => manager === FIELD_MANAGER);
}

/** The versions, without the parts that the target does not manage. */
export function managedVersions(versions: Target, target: Target): Target {
  const either = (wanted: string, version: string) => (wanted === UNMANAGED ? wanted : version);
  const pools = Object.entries(target.workers).map(([name, pool]): [string, WorkerVersions] => {
    const { kubernetesVersion, machineImage } = entryOf(versions.workers, name) ?? pool;
    return [
      name,
      {
        kubernetesVersion: either(pool.kubernetesVersion, kubernetesVersion),
        machineImage: {
          name: machineImage.name,
          version: either(pool.machineImage.version, machineImage.version),
        },
      },
    ];
  });
  return {
    kubernetesVersion: either(target.kubernetesVersion, versions.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}

/** The targets, and what runs where nothing is managed. */
export function filled(target: Target, runs: Target): Target {
  const either = (wanted: string, version: string) => (wanted === UNMANAGED ? version : wanted);
  const pools = Object.entries(runs.workers).map(([name, pool]): [string, WorkerVersions] => {
    const wanted = entryOf(target.workers, name) ?? pool;
    const { name: image, version } = pool.machineImage;
    return [
      name,
      {
        kubernetesVersion: either(wanted.kubernetesVersion, pool.kubernetesVersion),
        machineImage: { name: image, version: either(wanted.machineImage.version, version) },
      },
    ];
  });
  return {
    kubernetesVersion: either(target.kubernetesVersion, runs.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}

/** Fields of the Shoot whose versions differ, parts that are not managed left out. */
export function changedFields(before: Target, now: Target): string[] {
  const differ = (a: string | undefined, b: string) => a !== undefined && a !== UNMANAGED && a !== b;
  const pools = Object.entries(now.workers).flatMap(([name, pool]) => {
    const version = entryOf(before.workers, name)?.machineImage.version;
    return differ(version, pool.machineImage.version)
      ? [`spec.provider.workers[${name}].machine.image.version`]
      : [];
  });
  return differ(before.kubernetesVersion, now.kubernetesVersion)
    ? ["spec.kubernetes.version", ...pools]
    : pools;
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
