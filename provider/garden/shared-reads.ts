/** Reads of one garden, shared for a moment: check, diff and update of a run ask for the same things. */
import type { Clock } from "../model/clock";
import { shootId, type ShootRef } from "../model/shoot";
import type { Garden, UpgradePreparation } from "./garden";

export interface CachedGarden extends Garden {
  /** Whoever asks for the Shoot next sees it as it is then. */
  invalidate(ref: ShootRef): void;
}

export function cacheReads(garden: Garden, clock: Clock, ttlMs: number): CachedGarden {
  const places = createShare<ShootRef>(clock, ttlMs);
  const shoots = createShare<Awaited<ReturnType<Garden["getShoot"]>>>(clock, ttlMs);
  const profiles = createShare<Awaited<ReturnType<Garden["getCloudProfile"]>>>(clock, ttlMs);
  const { preparation } = garden;
  return {
    get description() {
      return garden.description;
    },
    capabilities: garden.capabilities,
    ...(preparation !== undefined && { preparation: forgetting(preparation, shoots) }),
    locate: (reference) => places.get(JSON.stringify(reference), () => garden.locate(reference)),
    getShoot: (ref) => shoots.get(shootId(ref), () => garden.getShoot(ref)),
    invalidate: (ref) => shoots.forget(shootId(ref)),
    getCloudProfile(shoot) {
      const { kind, name } = shoot.cloudProfile;
      const key = kind === "CloudProfile" ? name : `${shoot.ref.namespace}/${name}`;
      return profiles.get(key, () => garden.getCloudProfile(shoot));
    },
    async dryRun(change) {
      const result = await garden.dryRun(change);
      if (result.kind === "conflict") shoots.forget(shootId(change.shoot));
      return result;
    },
    async apply(change) {
      try {
        return await garden.apply(change);
      } finally {
        // Also after a refusal or a conflict: those say that what was read is not what is there.
        shoots.forget(shootId(change.shoot));
      }
    },
    async *watchShoot(ref, signal) {
      for await (const event of garden.watchShoot(ref, signal)) {
        shoots.forget(shootId(ref));
        yield event;
      }
    },
    assertWatchable: async (ref) => garden.assertWatchable?.(ref),
    openCluster: (shoot) => garden.openCluster(shoot),
    clusterAccess: (shoot) => garden.clusterAccess(shoot),
    requestKubeconfig: (ref, access, seconds) => garden.requestKubeconfig(ref, access, seconds),
  };
}

/** What changes the cluster makes what was read of it old. */
function forgetting(
  { check, prepare, revert }: UpgradePreparation,
  shoots: { forget(key: string): void },
): UpgradePreparation {
  const changing =
    (change: UpgradePreparation["prepare"]): UpgradePreparation["prepare"] =>
    (ref, version) =>
      change(ref, version).finally(() => shoots.forget(shootId(ref)));
  return { check, prepare: changing(prepare), revert: changing(revert) };
}

/** Calls at the same time share one request; its answer is good for a while, its failure for nobody after. */
function createShare<Value>(clock: Clock, ttlMs: number) {
  const shared = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  return {
    get(key: string, read: () => Promise<Value>): Promise<Value> {
      const known = shared.get(key);
      const now = clock.now().getTime();
      if (known !== undefined && now < known.until) return known.value;
      const entry = { value: read(), until: now + ttlMs };
      shared.set(key, entry);
      entry.value.catch(() => {
        if (shared.get(key) === entry) shared.delete(key);
      });
      return entry.value;
    },
    forget(key: string): void {
      shared.delete(key);
    },
  };
}
