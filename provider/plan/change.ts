/** From a step to what is written, and to the Shoot after it. */
import { encodeRecord } from "../model/heldBack";
import { entryOf } from "../model/json";
import type { Change, Step } from "../model/plan";
import { ROLLOUT_ANNOTATION, type Shoot, type WorkerPool } from "../model/shoot";
import { heldBackPools } from "./heldBack";

/**
 * Only what changes; a pool without a pin takes its Kubernetes version from the control plane.
 * @param stack recorded with the pools that are held back.
 */
export function changeFor(step: Step, shoot: Shoot, stack?: string): Change {
  const { heldBack } = step;
  const workers = shoot.workers.flatMap((pool) => {
    const image = step.pools.find(({ name }) => name === pool.name)?.machineImage;
    const pin = pinOf(pool, step, shoot);
    if (image === undefined && pin === undefined) return [];
    return [
      {
        name: pool.name,
        ...(image && { machineImage: { name: image.name, version: image.to } }),
        ...(pin !== undefined && { kubernetesVersion: pin }),
      },
    ];
  });
  return {
    shoot: shoot.ref,
    uid: shoot.uid,
    resourceVersion: shoot.resourceVersion,
    ...(step.kubernetes && { kubernetesVersion: step.kubernetes.to }),
    workers,
    ...(heldBack && { heldBack: { ...heldBack, ...(stack !== undefined && { stack }) } }),
  };
}

/** Undefined: as it is. A pool that a user has pinned stays so. */
function pinOf(pool: WorkerPool, { heldBack }: Step, shoot: Shoot): string | null | undefined {
  if (heldBack === undefined) return undefined;
  const version = entryOf(heldBack.pools, pool.name);
  if (version === undefined) return heldBackPools(shoot).has(pool.name) ? null : undefined;
  return version === pool.kubernetesVersion ? undefined : version;
}

/** The Shoot's spec after the steps. */
export function afterSteps(shoot: Shoot, steps: readonly Step[]): Shoot {
  return steps.reduce<Shoot>((current, step) => {
    const { kubernetesVersion = current.kubernetesVersion, workers, heldBack } = changeFor(step, current);
    return {
      ...current,
      kubernetesVersion,
      annotations: heldBack === undefined ? current.annotations : withRecord(current, encodeRecord(heldBack)),
      workers: current.workers.map((pool) => {
        const change = workers.find(({ name }) => name === pool.name);
        const pin =
          change?.kubernetesVersion === undefined ? pool.kubernetesVersion : change.kubernetesVersion;
        return {
          ...pool,
          machineImage: change?.machineImage ?? pool.machineImage,
          kubernetesVersion: pin ?? undefined,
        };
      }),
    };
  }, shoot);
}

function withRecord({ annotations }: Shoot, record: string | null): Shoot["annotations"] {
  const others = Object.entries(annotations).filter(([name]) => name !== ROLLOUT_ANNOTATION);
  return Object.fromEntries(record === null ? others : [...others, [ROLLOUT_ANNOTATION, record]]);
}
