/** Which pins of worker pools are those of a rollout, and which are a user's. */
import { recordOf } from "../model/heldBack";
import { entryOf } from "../model/json";
import type { Shoot, WorkerPool } from "../model/shoot";
import { isNewer, sameMinor } from "./versions";

/** The pools that are held back, with their versions. */
export function heldBackPools(shoot: Shoot): ReadonlyMap<string, string> {
  const recorded = recordOf(shoot)?.pools ?? {};
  return new Map(
    shoot.workers.flatMap((pool): readonly [string, string][] => {
      const version = entryOf(recorded, pool.name);
      return version !== undefined && isHeldAt(version, pool) ? [[pool.name, pool.kubernetesVersion]] : [];
    }),
  );
}

/** Recorded as held back, and somebody has given them another version or none meanwhile, which stays. */
export function releasedByOthers(shoot: Shoot): readonly WorkerPool[] {
  const recorded = recordOf(shoot)?.pools ?? {};
  return shoot.workers.filter((pool) => {
    const version = entryOf(recorded, pool.name);
    return version !== undefined && !isHeldAt(version, pool);
  });
}

/** Maintenance gives a pool with a version of its own a newer patch: it is still held back. */
function isHeldAt(
  version: string,
  pool: WorkerPool,
): pool is WorkerPool & { readonly kubernetesVersion: string } {
  const { kubernetesVersion: pin } = pool;
  return pin !== undefined && sameMinor(pin, version) && !isNewer(version, pin);
}
