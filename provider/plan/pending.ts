/** The steps from the Shoot's versions to a concrete target. Nothing goes down but an image that may. */
import {
  UNMANAGED,
  type FromTo,
  type Step,
  type PoolChange,
  type ResolvedTarget,
  type WorkerVersions,
  type Target,
} from "../model/plan";
import { isRecorded } from "../model/heldBack";
import { entryOf } from "../model/json";
import { type Shoot, type WorkerPool } from "../model/shoot";
import { heldBackPools } from "./heldBack";
import { replacedOften } from "./steps";
import { isNewer, sameMinor } from "./versions";

/**
 * The whole difference as one step, or none. Versions that the Shoot has reached or passed need none, whoever upgraded
 * them; pools that the target does not contain are not changed.
 */
export function pending(target: ResolvedTarget, shoot: Shoot): readonly Step[] {
  const kubernetes = stepTo(shoot.kubernetesVersion, target.kubernetesVersion);
  const heldBack = heldBackPools(shoot);
  const pools = shoot.workers.flatMap((pool) => {
    const poolTarget = entryOf(target.workers, pool.name);
    return poolTarget === undefined
      ? []
      : poolChange(pool, poolTarget, kubernetes, heldBack, imageStep(pool, target));
  });
  if (kubernetes === undefined && pools.length === 0) return release(target, shoot);
  if (kubernetes === undefined) return [{ pools }];
  return [{ kubernetes: { ...kubernetes, minor: !sameMinor(kubernetes.from, kubernetes.to) }, pools }];
}

/** Pools are recorded as held back, and none of them is behind the control plane any more. */
export function release({ kubernetesVersion }: Target, shoot: Shoot): readonly Step[] {
  const isBehind = [...heldBackPools(shoot).values()].some((version) => version !== shoot.kubernetesVersion);
  if (!isRecorded(shoot) || isBehind || kubernetesVersion === UNMANAGED) return [];
  return [{ pools: [], heldBack: { pools: {}, target: kubernetesVersion } }];
}

/** True when the Shoot is at or beyond every version of the target, and no image is above one that goes down. */
export function reached(target: ResolvedTarget, shoot: Shoot): boolean {
  return pending(target, shoot).length === 0;
}

/**
 * True when every change of `now` was among the checked ones: the same subject to the same version, an image that goes
 * down from the same one, no pool held back that was not, and no nodes replaced that were to stay, or more often.
 */
export function within(now: readonly Step[], checked: readonly Step[]): boolean {
  const [often, checkedOften] = [replacedOften(now), replacedOften(checked)];
  return (
    now.every(
      (step) =>
        kubernetesWithin(step, checked) &&
        step.pools.every((change) => poolWithin(change, checked)) &&
        heldBackWithin(step, checked),
    ) && [...often].every(([name, times]) => times <= (checkedOften.get(name) ?? 1))
  );
}

/** Never down; a version that is not managed needs nothing. */
function stepTo(from: string, to: string): FromTo | undefined {
  return to !== UNMANAGED && isNewer(to, from) ? { from, to } : undefined;
}

/** Up, or down for a pool whose image may go down. Another image's versions do not compare with this one's. */
export function imageStep(
  pool: WorkerPool,
  { workers, downgrades = [] }: ResolvedTarget,
): FromTo | undefined {
  const { name, version } = pool.machineImage;
  const image = entryOf(workers, pool.name)?.machineImage;
  if (image?.name !== name) return undefined;
  const down = { from: version, to: image.version };
  return downgrades.includes(pool.name) && goesDown(down) ? down : stepTo(version, image.version);
}

export function goesDown({ from, to }: FromTo): boolean {
  return isNewer(from, to);
}

function poolChange(
  pool: WorkerPool,
  poolTarget: WorkerVersions,
  controlPlane: FromTo | undefined,
  heldBack: ReadonlyMap<string, string>,
  image: FromTo | undefined,
): readonly PoolChange[] {
  const pin = heldBack.get(pool.name);
  // A pool without a pin follows the control plane, whatever its own target says; one that a user pins stays.
  const kubernetes =
    pool.kubernetesVersion === undefined
      ? controlPlane
      : pin === undefined
        ? undefined
        : stepTo(pin, poolTarget.kubernetesVersion);
  const { name } = pool.machineImage;
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
        ({ machineImage: other }) =>
          other?.name === machineImage.name &&
          other.to === machineImage.to &&
          (!goesDown(machineImage) || other.from === machineImage.from),
      )) &&
    (!change.replacesNodes || same.some((other) => other.replacesNodes))
  );
}

function heldBackWithin({ heldBack }: Step, checked: readonly Step[]): boolean {
  const names = new Set(checked.flatMap((step) => Object.keys(step.heldBack?.pools ?? {})));
  return Object.keys(heldBack?.pools ?? {}).every((name) => names.has(name));
}
