/** What a live Shoot says about the versions it runs and about rollouts that are not at their end. */
import { UNMANAGED, type PoolTarget, type Target } from "../model/plan";
import { UserError } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot } from "../model/shoot";
import { sameTarget, type State } from "./state";

/** The versions that live asks of control plane and pools, all of them. */
export function running(shoot: Shoot): Target {
  const pools = shoot.workers.map((pool): [string, PoolTarget] => [
    pool.name,
    {
      kubernetesVersion: effectiveKubernetesVersion(shoot, pool),
      machineImage: { name: pool.machineImage.name, version: pool.machineImage.version },
    },
  ]);
  return { kubernetesVersion: shoot.kubernetesVersion, workers: Object.fromEntries(pools) };
}

/**
 * A rollout that was interrupted: the versions are written, the last `up` has not seen them reached,
 * and Gardener is still at work or has given up. The nightly reconcile of a cluster that is where
 * it should be is none.
 */
export function outstanding(olds: State, wanted: Target, shoot: Shoot): boolean {
  const reachedBefore = sameTarget(masked(olds, wanted), wanted);
  return !reachedBefore && !atRest(shoot);
}

export function atRest(shoot: Shoot): boolean {
  return shoot.observedGeneration === shoot.generation && shoot.lastOperation?.state === "Succeeded";
}

/** What ran, without the parts that the target does not manage. */
function masked(ran: Target, target: Target): Target {
  const pools = Object.entries(target.workers).map(([name, pool]) => {
    const before = ran.workers[name] ?? pool;
    return [
      name,
      {
        kubernetesVersion: either(pool.kubernetesVersion, before.kubernetesVersion),
        machineImage: {
          name: before.machineImage.name,
          version: either(pool.machineImage.version, before.machineImage.version),
        },
      },
    ] as const;
  });
  return {
    kubernetesVersion: either(target.kubernetesVersion, ran.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}

function either(wanted: string, ran: string): string {
  return wanted === UNMANAGED ? wanted : ran;
}

/**
 * A change of the spec that waits for the maintenance window: with `confineSpecUpdateRollout` it
 * does not raise the generation, and no field of the status tells of it. What is left is that the
 * versions were written after the last operation (gardener pkg/apiserver/registry/core/shoot/strategy.go).
 */
export function awaitsWindow(shoot: Shoot): boolean {
  const operated = shoot.lastOperation?.lastUpdateTime;
  if (!shoot.maintenance.confineSpecUpdateRollout || operated === undefined) return false;
  return shoot.owners.some(({ time }) => time !== undefined && time > operated);
}

export function anotherCluster(shoot: Shoot, adopted: string): UserError {
  return new UserError(
    "GU052",
    `Shoot ${shootId(shoot.ref)} is another cluster than the one that was adopted: its uid was ${adopted} and is ${shoot.uid}, ` +
      "so it was deleted and created again. `pulumi refresh` lets go of the old one, the next `pulumi up` adopts the new one.",
  );
}
