/** One entry of what `getShoots()` returns: plain JSON. */
import { ShootStatus } from "./enums";
import { isHibernated, isObservedAtLatestGenerationAndSucceeded } from "./operation";
import type { WorkerVersions } from "./plan";
import { effectiveKubernetesVersion, type Shoot } from "./shoot";

/** A Shoot, and the versions in its spec. */
export interface ShootSummary {
  /** The name of the Shoot. */
  readonly name: string;
  /** The namespace of its project. */
  readonly namespace: string;
  /** The uid of the cluster. */
  readonly uid: string;
  /** The labels of the Shoot. Empty on Cleura Cloud, which does not report them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it is for: `"production"`. Absent if it is not set. */
  readonly purpose?: string;
  /** The region of the infrastructure. */
  readonly region?: string;
  /** Version of the control plane: `"1.34.3"`. */
  readonly kubernetesVersion: string;
  /** Kubernetes version and machine image of each worker pool, by the name of the pool. */
  readonly workers: Readonly<Record<string, WorkerVersions>>;
  /** Whether it is hibernated, on its way there, or waking up. */
  readonly hibernated: boolean;
  /** What Gardener is doing with it. */
  readonly status: ShootStatus;
}

export function summaryOf(shoot: Shoot): ShootSummary {
  const { ref, uid, labels, purpose, region, kubernetesVersion, workers } = shoot;
  return {
    ...ref,
    uid,
    labels: labels ?? {},
    ...(purpose !== undefined && { purpose }),
    ...(region !== undefined && { region }),
    kubernetesVersion,
    workers: Object.fromEntries(
      workers.map((pool) => [
        pool.name,
        {
          kubernetesVersion: effectiveKubernetesVersion(shoot, pool),
          machineImage: { name: pool.machineImage.name, version: pool.machineImage.version },
        },
      ]),
    ),
    hibernated: isHibernated(shoot),
    status: statusOf(shoot),
  };
}

function statusOf(shoot: Shoot): ShootStatus {
  if (shoot.deletionTimestamp !== undefined) return ShootStatus.Deleting;
  const state = shoot.lastOperation?.state;
  // Also of a spec that Gardener has not read yet: it has not reconciled the one before.
  if (state === "Error" || state === "Failed" || state === "Aborted") return ShootStatus.Failed;
  return isObservedAtLatestGenerationAndSucceeded(shoot) ? ShootStatus.Reconciled : ShootStatus.Reconciling;
}
