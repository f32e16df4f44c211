/** Whether the garden uses a Shoot as a Seed, which is supported up to an older minor than Shoots. */
import type { Garden } from "../garden/garden";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { isNewer, minorsBetween, sameMinor } from "../plan";
import type { Work } from "./work";

export type ManagedSeed =
  | { readonly kind: "known"; readonly isSeed: boolean }
  | { readonly kind: "notVisible"; readonly reason: string };

/** docs/usage/shoot-operations/supported_k8s_versions.md of Gardener 1.150. */
export const NEWEST_SEED_MINOR = "1.35";
/** Up to this patch of its minor, rolling updates of StatefulSets may deadlock. */
const LAST_DEADLOCK = "1.35.3";

/** ManagedSeeds are in the namespace garden alone. Undefined: the target does not matter to Seeds. */
export async function readManagedSeed(
  garden: Garden,
  { ref }: Shoot,
  work: Work,
): Promise<ManagedSeed | undefined> {
  if (ref.namespace !== "garden" || garden.isManagedSeed === undefined || !mattersToSeeds(work)) {
    return undefined;
  }
  try {
    return { kind: "known", isSeed: await garden.isManagedSeed(ref) };
  } catch (error) {
    if (error instanceof UserError) return { kind: "notVisible", reason: error.message };
    throw error;
  }
}

function mattersToSeeds(work: Work): boolean {
  return exceedsSeeds(work) || mayDeadlock(work);
}

export function exceedsSeeds({ kubernetesVersion }: Work): boolean {
  return minorsBetween(NEWEST_SEED_MINOR, kubernetesVersion) > 0;
}

export function mayDeadlock({ kubernetesVersion }: Work): boolean {
  return sameMinor(kubernetesVersion, LAST_DEADLOCK) && !isNewer(kubernetesVersion, LAST_DEADLOCK);
}
