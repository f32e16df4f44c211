/** Whether the garden uses a Shoot as a Seed, which is supported up to an older minor than Shoots. */
import type { Garden } from "../garden/garden";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { isNewer, isSince, minorsBetween, sameMinor } from "../plan";
import type { Work } from "./work";

export type ManagedSeed =
  | { readonly kind: "known"; readonly isSeed: boolean }
  | { readonly kind: "notVisible"; readonly reason: string };

/** Whether Gardener supports the target for Seeds. */
export type SeedSupport =
  /** Or it does not say so. */
  | { readonly kind: "supported" }
  | ({ readonly kind: "exceeded" } & SeedLimit)
  | { readonly kind: "unknown"; readonly reason: string };

interface SeedLimit {
  /** The first release of Gardener with it. */
  readonly since: string;
  readonly newest: string;
}

/** By release of Gardener, the last that applies: docs/usage/shoot-operations/supported_k8s_versions.md. Earlier ones name no newest minor. */
const newestSeedMinors: readonly SeedLimit[] = [
  { since: "1.135.0", newest: "1.34" },
  { since: "1.141.0", newest: "1.35" },
];
/** Of 1.150 the page was read last. */
const AFTER_LAST_RELEASE = "1.151.0";

/** Up to this patch of its minor, rolling updates of StatefulSets may deadlock. */
const LAST_DEADLOCK = "1.35.3";

/** ManagedSeeds are in the namespace garden alone. Undefined: the target does not matter to Seeds. */
export async function readManagedSeed(
  garden: Garden,
  shoot: Shoot,
  work: Work,
): Promise<ManagedSeed | undefined> {
  const { ref } = shoot;
  if (ref.namespace !== "garden" || garden.isManagedSeed === undefined || !mattersToSeeds(shoot, work)) {
    return undefined;
  }
  try {
    return { kind: "known", isSeed: await garden.isManagedSeed(ref) };
  } catch (error) {
    if (error instanceof UserError) return { kind: "notVisible", reason: error.message };
    throw error;
  }
}

function mattersToSeeds(shoot: Shoot, work: Work): boolean {
  return seedSupport(shoot, work).kind !== "supported" || mayDeadlock(work);
}

export function seedSupport(shoot: Shoot, { minors, kubernetesVersion }: Work): SeedSupport {
  const limit = limitOf(shoot);
  if (minors.length === 0 || limit === undefined || minorsBetween(limit.newest, kubernetesVersion) <= 0) {
    return { kind: "supported" };
  }
  const isKnown = isSince(shoot, limit.since) === true && isSince(shoot, AFTER_LAST_RELEASE) === false;
  if (isKnown) return { kind: "exceeded", ...limit };
  const release = shoot.gardenerVersion ?? "its release of Gardener";
  return {
    kind: "unknown",
    reason: `up to which minor ${release} supports Seeds is not known to this version of pulumi-gardener`,
  };
}

/** Later releases support at least what the last one does; one that is not known, at least what the first one does. */
function limitOf(shoot: Shoot): SeedLimit | undefined {
  return newestSeedMinors.filter(({ since }, index) => isSince(shoot, since) ?? index === 0).at(-1);
}

export function mayDeadlock({ kubernetesVersion }: Work): boolean {
  return sameMinor(kubernetesVersion, LAST_DEADLOCK) && !isNewer(kubernetesVersion, LAST_DEADLOCK);
}
