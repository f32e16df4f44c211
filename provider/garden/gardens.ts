/** The gardens that a process uses, each opened once, with reads that are shared for a moment. */
import type { Clock } from "../model/clock";
import type { CloudProfile } from "../model/cloudprofile";
import type { ShootReference } from "../model/declaration";
import type { ExpectedReads } from "../model/expectedReads";
import type { GardenLocation } from "../model/location";
import type { Shoot, ShootRef } from "../model/shoot";
import type { ConnectionSources } from "./connection";
import type { Garden, ProfiledShoot, ShootCluster } from "./garden";
import { createNamespaceReads, LIST_MS } from "./namespaceReads";
import { resolveGarden, settingsKey, type ResolvedGarden } from "./open";
import { createPromiseCache } from "./promiseCache";

export interface CachedGarden extends Garden {
  /** The next read of the Shoot is sent to the garden. */
  invalidate(ref: ShootRef): void;
  expectReads(expected: ExpectedReads): void;
  expectShoots(reference: ShootReference, shoots: number): void;
  /** What has been requested until now, for the first calls: the first check of the run is one of theirs. */
  takeExpectedReads(): ExpectedReads | undefined;
}

export interface Gardens {
  /** Rejects with what is wrong with the location or the credentials; the next call tries again. */
  open(location: GardenLocation, sources: ConnectionSources): Promise<CachedGarden>;
}

/** @param sharedReadMs how long a read is shared: check, diff and update of a run request the same objects. */
export function createGardens(clock: Clock, sharedReadMs: number): Gardens {
  // Resolving may run a command.
  const resolved = createPromiseCache<ResolvedGarden>(clock);
  // By what was resolved: the same garden by two locations is one, with its connections and watches.
  const opened = createPromiseCache<CachedGarden>(clock);
  return {
    async open(location, sources) {
      const settings = settingsKey(location, sources);
      try {
        const { key, open } = await resolved.get(settings, () => resolveGarden(location, sources));
        return await opened.get(key, async () => cacheReads(await open(), clock, sharedReadMs));
      } catch (error) {
        // The next call finds what was fixed in a file, or by a login.
        resolved.delete(settings);
        throw error;
      }
    },
  };
}

/** The engine checks the first resources of a program in about the order of their constructors. */
const ANNOUNCEMENTS = 32;

/** The garden with shared reads; its other members stay as they are, those of a later version too. */
export function cacheReads(garden: Garden, clock: Clock, sharedReadMs: number): CachedGarden {
  const refs = createPromiseCache<ShootRef>(clock, sharedReadMs);
  const shoots = createNamespaceReads<Shoot>(
    { get: (ref) => garden.getShoot(ref), list: garden.listShoots?.bind(garden) },
    clock,
    sharedReadMs,
  );
  const profiles = createPromiseCache<CloudProfile>(clock, LIST_MS);
  const clusters = createPromiseCache<ShootCluster | undefined>(clock);
  const invalidate = (ref: ShootRef): void => shoots.invalidate(ref);
  const { preparation } = garden;
  const references = new Map<string, ShootReference>();
  const profiled = new Map<string, ProfiledShoot>();
  let announced = 0;

  function getCloudProfile(shoot: ProfiledShoot): Promise<CloudProfile> {
    const { kind, name } = shoot.cloudProfile;
    const key = kind === "CloudProfile" ? name : `${shoot.ref.namespace}/${name}`;
    profiled.set(key, { ref: shoot.ref, cloudProfile: shoot.cloudProfile });
    return profiles.get(key, () => garden.getCloudProfile(shoot));
  }

  function locate(reference: ShootReference): Promise<ShootRef> {
    // The namespace of a project is read, which is one for all of its Shoots.
    const key = reference.kind === "project" ? `project ${reference.project}` : reference.kind;
    if (!references.has(key)) references.set(key, reference);
    return refs.get(JSON.stringify(reference), () => garden.locate(reference));
  }

  return {
    ...garden,
    invalidate,
    locate,
    getShoot: (ref) => shoots.get(ref),
    getCloudProfile,
    expectReads(expected) {
      const started = [...expected.references.map(locate), ...expected.cloudProfiles.map(getCloudProfile)];
      // Whoever needs it gets the error.
      for (const read of started) read.catch(() => undefined);
      expected.namespaces.forEach((namespace) => shoots.expect(namespace));
    },
    expectShoots(reference, count) {
      const namespace = garden.likelyNamespace?.(reference);
      if (namespace !== undefined) shoots.expect({ namespace, shoots: count });
    },
    takeExpectedReads() {
      if (announced === ANNOUNCEMENTS) return undefined;
      announced++;
      return {
        references: [...references.values()],
        namespaces: shoots.requested(),
        cloudProfiles: [...profiled.values()],
      };
    },
    // One kubeconfig for what is read of the Shoot side by side; each one that follows is of its own time.
    openCluster(shoot, access = "viewer") {
      const key = JSON.stringify([shoot.uid, access]);
      return clusters.get(key, () => garden.openCluster(shoot, access).finally(() => clusters.delete(key)));
    },
    async dryRun(change) {
      const result = await garden.dryRun(change);
      if (result.kind === "conflict") invalidate(change.shoot);
      return result;
    },
    // Also after a refusal or a conflict: the Shoot is then not what was read.
    apply: (change) => garden.apply(change).finally(() => invalidate(change.shoot)),
    async *watchShoot(ref, signal) {
      for await (const event of garden.watchShoot(ref, signal)) {
        invalidate(ref);
        yield event;
      }
    },
    ...(preparation !== undefined && {
      preparation: {
        ...preparation,
        prepare: (ref, version) => preparation.prepare(ref, version).finally(() => invalidate(ref)),
        revert: (ref, version) => preparation.revert(ref, version).finally(() => invalidate(ref)),
      },
    }),
  };
}
