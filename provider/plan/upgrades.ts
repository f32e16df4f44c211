/** The data behind `getUpgrades()`. */
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import type {
  GetUpgradesResult,
  KubernetesVersionStatus,
  VersionStatus,
  WorkerUpgrades,
} from "../model/upgrades";
import { find, newestFirst } from "./catalogue";
import { classify, expiryOf } from "./classification";
import { usable } from "./floor";
import { forecast, nextMaintenance } from "./forecast";
import { suitableVersions } from "./suitability";
import { upgradeNotes } from "./notes";
import { isNewer, minorsBetween } from "./versions";

export function upgrades(shoot: Shoot, profile: CloudProfile, now: Date): GetUpgradesResult {
  const { kubernetesVersion: specVersion } = shoot;
  const above = (minors: number): KubernetesVersionStatus[] =>
    newestFirst(usable(profile.kubernetesVersions, now))
      .filter(
        ({ version }) => isNewer(version, specVersion) && minorsBetween(specVersion, version) === minors,
      )
      .map((version) => ({ ...status(version, now), notes: upgradeNotes(version.version) }));
  const window = nextMaintenance(shoot, now);
  return {
    shoot: shootId(shoot.ref),
    cloudProfile: profile.name,
    kubernetes: {
      current: statusOfSpec(specVersion, profile.kubernetesVersions, now),
      patches: above(0),
      minors: above(1),
    },
    workers: Object.fromEntries(
      shoot.workers.map((pool) => [pool.name, poolUpgrades(pool, shoot, profile, now)]),
    ),
    ...(window && {
      maintenanceWindow: { begin: window.begin.toISOString(), end: window.end.toISOString() },
    }),
    forecast: [...forecast(shoot, profile, now)],
  };
}

function poolUpgrades(pool: WorkerPool, shoot: Shoot, profile: CloudProfile, now: Date): WorkerUpgrades {
  const { name, version: specVersion } = pool.machineImage;
  const kubernetesVersion = effectiveKubernetesVersion(shoot, pool);
  const image = profile.machineImages.find((candidate) => candidate.name === name);
  const newer = usable(suitableVersions(pool, kubernetesVersion, profile), now).filter(({ version }) =>
    isNewer(version, specVersion),
  );
  return {
    kubernetesVersion,
    pinned: pool.kubernetesVersion !== undefined,
    machineImage: {
      name,
      current: statusOfSpec(specVersion, image?.versions ?? [], now),
      available: newestFirst(newer).map((version) => status(version, now)),
    },
  };
}

/** Those of a CloudProfile that have not expired, newest first; preview and deprecated ones too. */
export function offeredVersions(versions: readonly OfferedVersion[], now: Date): readonly VersionStatus[] {
  return newestFirst(usable(versions, now)).map((version) => status(version, now));
}

/** The lifecycle stage of a version that runs, whether it is offered or not. */
export function statusOfSpec(
  specVersion: string,
  versions: readonly OfferedVersion[],
  now: Date,
): VersionStatus {
  const entry = find(versions, specVersion);
  return entry === undefined ? { version: specVersion, classification: "removed" } : status(entry, now);
}

function status(version: OfferedVersion, now: Date): VersionStatus {
  const expiry = expiryOf(version);
  return {
    version: version.version,
    classification: classify(version, now),
    ...(expiry && { expires: expiry.toISOString() }),
  };
}
