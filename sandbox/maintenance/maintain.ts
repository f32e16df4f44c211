/** The result of a maintenance: pure, from the Shoot, its CloudProfile and the clock. */
import { at, child, clone, type JsonMap, mapsAt, text, textAt } from "../json";
import { findMachineType } from "../validation/machines";
import { controlPlaneVersion, effectiveVersion, pools } from "../validation/context";
import { compareVersions } from "../validation/versions";
import { suitableVersions } from "./images";
import { removeForbidden } from "../validation/removals";
import { type Candidate, candidates, nextVersion, type Strategy } from "./version";

export type Update =
  | { readonly kind: "done"; readonly description: string; readonly reason: string }
  | { readonly kind: "failed"; readonly problem: string; readonly reason: string };

export interface Maintained {
  /** The whole target Shoot; only its specification differs. */
  readonly shoot: JsonMap;
  readonly controlPlane: Update | undefined;
  readonly poolVersions: readonly PoolUpdate[];
  readonly poolImages: readonly PoolUpdate[];
  /** Messages about fields that were removed because the new minor forbids them. */
  readonly removed: readonly string[];
}

export interface PoolUpdate {
  readonly pool: string;
  readonly update: Update;
}

interface Due {
  readonly reason: string;
  readonly expired: boolean;
}

/** `profile`: the CloudProfile's specification. */
export function maintain(shoot: JsonMap, profile: JsonMap, now: Date): Maintained {
  const maintained = clone(shoot);
  const spec = child(maintained, "spec");
  const before = controlPlaneVersion(shoot);
  const offered = candidates(mapsAt(profile, "kubernetes", "versions"), now);
  const automatic = autoUpdates(shoot, "kubernetesVersion");
  // Images first, so that they are compared with the earlier kubelet versions.
  const poolImages = maintainImages(maintained, profile, now);
  const controlPlane = maintainVersion(before, offered, automatic, (version) => {
    child(spec, "kubernetes").version = version;
    return version;
  });
  const after = controlPlaneVersion(maintained);
  const removed = removeForbidden(spec, before, after);
  const poolVersions = pools(maintained).flatMap((pool) => {
    const pinned = textAt(pool, "kubernetes", "version");
    if (pinned === "") return [];
    const update = maintainVersion(pinned, offered, automatic, (version) => {
      const capped = (compareVersions(version, after) ?? 0) > 0 ? after : version;
      child(pool, "kubernetes").version = capped;
      return capped;
    });
    return update === undefined ? [] : [{ pool: text(pool.name), update }];
  });
  return { shoot: maintained, controlPlane, poolVersions, poolImages, removed };
}

/** Both are true by default. */
function autoUpdates(shoot: JsonMap, what: "kubernetesVersion" | "machineImageVersion"): boolean {
  return at(shoot, "spec", "maintenance", "autoUpdate", what) !== false;
}

function maintainVersion(
  current: string,
  offered: readonly Candidate[],
  automatic: boolean,
  take: (version: string) => string,
): Update | undefined {
  const due = kubernetesDue(current, offered, automatic);
  if (due === undefined) return undefined;
  const next = nextVersion(offered, current, "kubernetes", due.expired);
  if (next.kind === "latest") return undefined;
  if (next.kind === "nothing") {
    const problem = `could not determine higher suitable version than ${quote(current)}: ${next.problem}`;
    return { kind: "failed", problem, reason: due.reason };
  }
  const description = `Updated Kubernetes version from ${quote(current)} to ${quote(take(next.version))}`;
  return { kind: "done", description, reason: due.reason };
}

function kubernetesDue(current: string, offered: readonly Candidate[], automatic: boolean): Due | undefined {
  const entry = offered.find((one) => compareVersions(one.version, current) === 0);
  if (entry === undefined) return { reason: "Version does not exist in CloudProfile", expired: true };
  if (entry.classification === "expired") {
    return { reason: "Kubernetes version expired - force update required", expired: true };
  }
  return automatic
    ? { reason: "Automatic update of Kubernetes version configured", expired: false }
    : undefined;
}

/**
 * As in Gardener, a pool whose machine type or image the profile does not have ends the maintenance of
 * all images: earlier changes are kept, and none is reported.
 */
function maintainImages(shoot: JsonMap, profile: JsonMap, now: Date): readonly PoolUpdate[] {
  const automatic = autoUpdates(shoot, "machineImageVersion");
  const updates: PoolUpdate[] = [];
  for (const pool of pools(shoot)) {
    const name = textAt(pool, "machine", "image", "name");
    const machineType = findMachineType(profile, textAt(pool, "machine", "type"));
    const image = mapsAt(profile, "machineImages").find(
      (one) => text(one.name).toLowerCase() === name.toLowerCase(),
    );
    if (machineType === undefined || image === undefined) return [];
    const kubeletVersion = effectiveVersion(shoot, pool);
    const suitable = suitableVersions(image, pool, kubeletVersion);
    const update = maintainImage(
      pool,
      text(image.name),
      candidates(suitable, now),
      strategyOf(image),
      automatic,
    );
    if (update !== undefined) updates.push({ pool: text(pool.name), update });
  }
  return updates;
}

function strategyOf(image: JsonMap): Exclude<Strategy, "kubernetes"> {
  const strategy = text(image.updateStrategy);
  return strategy === "patch" || strategy === "minor" ? strategy : "major";
}

function maintainImage(
  pool: JsonMap,
  imageName: string,
  offered: readonly Candidate[],
  strategy: Exclude<Strategy, "kubernetes">,
  automatic: boolean,
): Update | undefined {
  const name = textAt(pool, "machine", "image", "name");
  const current = textAt(pool, "machine", "image", "version");
  const known = name === imageName ? offered : [];
  const due = imageDue(current, known, strategy, automatic);
  if (due === undefined) return undefined;
  const endOfLife = `either the machine image ${quote(name)} is reaching end of life and migration to another machine image is required or there is a misconfiguration in the CloudProfile. If it is the latter, make sure the machine image in the CloudProfile has at least one version that is not expired, not in preview and greater or equal to the current Shoot image version ${quote(current)}`;
  const next = nextVersion(offered, current, strategy, due.expired, endOfLife);
  if (next.kind === "latest") return undefined;
  if (next.kind === "nothing") {
    const problem = `failed to update machine image ${quote(name)}: failed to determine the target version for maintenance of machine image ${quote(imageName)} with strategy ${quote(strategy)}: ${next.problem}`;
    return { kind: "failed", problem, reason: due.reason };
  }
  child(child(pool, "machine"), "image").version = next.version;
  const description = `Updated machine image ${quote(name)} from ${quote(current)} to ${quote(next.version)}`;
  return { kind: "done", description, reason: due.reason };
}

function imageDue(
  current: string,
  offered: readonly Candidate[],
  strategy: string,
  automatic: boolean,
): Due | undefined {
  const entry = offered.find((one) => one.version === current);
  const suffix = `(image update strategy: ${strategy})`;
  if (entry === undefined) return { reason: "Version does not exist in CloudProfile", expired: true };
  if (entry.classification === "expired") {
    return { reason: `Machine image version expired - force update required ${suffix}`, expired: true };
  }
  if (!automatic) return undefined;
  return { reason: `Automatic update of the machine image version is configured ${suffix}`, expired: false };
}

/** As Go's %q. */
function quote(value: string): string {
  return JSON.stringify(value);
}
