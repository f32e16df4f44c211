/** The steps from the Shoot's versions to a concrete target. No step is a downgrade. */
import {
  UNMANAGED,
  type FromTo,
  type Step,
  type PoolChange,
  type WorkerVersions,
  type Target,
} from "../model/plan";
import { entryOf } from "../model/json";
import { type Shoot, type WorkerPool } from "../model/shoot";
import { isNewer, sameMinor } from "./versions";

/**
 * None or one step. Versions that the Shoot has reached or passed need none, whoever upgraded them; pools that the
 * target does not contain are not changed.
 */
export function pending(target: Target, shoot: Shoot): readonly Step[] {
  const kubernetes = step(shoot.kubernetesVersion, target.kubernetesVersion);
  const pools = shoot.workers.flatMap((pool) => {
    const poolTarget = entryOf(target.workers, pool.name);
    return poolTarget === undefined ? [] : poolChange(pool, poolTarget, kubernetes);
  });
  if (kubernetes === undefined && pools.length === 0) return [];
  if (kubernetes === undefined) return [{ pools }];
  return [{ kubernetes: { ...kubernetes, minor: !sameMinor(kubernetes.from, kubernetes.to) }, pools }];
}

/** True when the Shoot is at or beyond every version of the target. */
export function reached(target: Target, shoot: Shoot): boolean {
  return pending(target, shoot).length === 0;
}

/**
 * True when every change of `now` was among the checked ones: the same subject to the same version,
 * and no nodes replaced that were to stay.
 */
export function within(now: readonly Step[], checked: readonly Step[]): boolean {
  return now.every(
    (step) => kubernetesWithin(step, checked) && step.pools.every((change) => poolWithin(change, checked)),
  );
}

function step(from: string, to: string): FromTo | undefined {
  return to !== UNMANAGED && isNewer(to, from) ? { from, to } : undefined;
}

function poolChange(
  pool: WorkerPool,
  poolTarget: WorkerVersions,
  controlPlane: FromTo | undefined,
): readonly PoolChange[] {
  // A pool without a pin follows the control plane, whatever its own target says.
  const kubernetes =
    pool.kubernetesVersion === undefined
      ? controlPlane
      : step(pool.kubernetesVersion, poolTarget.kubernetesVersion);
  const { name } = pool.machineImage;
  // Another image's versions do not compare with this one's.
  const image =
    poolTarget.machineImage.name === name
      ? step(pool.machineImage.version, poolTarget.machineImage.version)
      : undefined;
  if (kubernetes === undefined && image === undefined) return [];
  const rolls =
    image !== undefined || (kubernetes !== undefined && !sameMinor(kubernetes.from, kubernetes.to));
  return [
    {
      name: pool.name,
      ...(kubernetes && { kubernetes }),
      ...(image && { machineImage: { name, ...image } }),
      // Gardener docs/usage/shoot-operations/shoot_updates.md: kubelets take a patch in place.
      replacesNodes: rolls,
    },
  ];
}

function kubernetesWithin({ kubernetes }: Step, checked: readonly Step[]): boolean {
  if (kubernetes === undefined) return true;
  return checked.some(
    (step) => step.kubernetes?.to === kubernetes.to && (step.kubernetes.minor || !kubernetes.minor),
  );
}

function poolWithin(change: PoolChange, checked: readonly Step[]): boolean {
  const same = checked.flatMap((step) => step.pools.filter(({ name }) => name === change.name));
  const { kubernetes, machineImage } = change;
  return (
    (kubernetes === undefined || same.some((other) => other.kubernetes?.to === kubernetes.to)) &&
    (machineImage === undefined ||
      same.some(
        ({ machineImage: other }) => other?.name === machineImage.name && other.to === machineImage.to,
      )) &&
    (!change.replacesNodes || same.some((other) => other.replacesNodes))
  );
}
