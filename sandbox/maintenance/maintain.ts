/** The result of a maintenance: pure, from the Shoot, its CloudProfile and the clock. */
import { at, child, clone, type JsonMap, mapsAt, text, textAt } from "../json";
import { architecturesOf, findMachineType, supportsCri, takesInPlace } from "../validation/machines";
import { controlPlaneVersion, effectiveVersion, isInPlace, pools } from "../validation/context";
import { compareVersions, satisfiesConstraint } from "../validation/versions";
import { removeForbidden } from "../validation/removals";
import { type Candidate, candidates, type Next, nextVersion, type Strategy } from "./version";

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
  update: (version: string) => string,
): Update | undefined {
  const entry = offered.find((one) => compareVersions(one.version, current) === 0);
  const due = dueOf(
    entry,
    "Kubernetes version expired - force update required",
    automatic ? "Automatic update of Kubernetes version configured" : undefined,
  );
  return updateOf(due, nextVersion(offered, current, "kubernetes", due?.expired === true), {
    failed: (problem) => `could not determine higher suitable version than ${quote(current)}: ${problem}`,
    done: (version) => `Updated Kubernetes version from ${quote(current)} to ${quote(update(version))}`,
  });
}

/** `automatic`: the reason for an automatic update; absent where none is configured. */
function dueOf(
  entry: Candidate | undefined,
  expired: string,
  automatic: string | undefined,
): Due | undefined {
  if (entry === undefined) return { reason: "Version does not exist in CloudProfile", expired: true };
  if (entry.classification === "expired") return { reason: expired, expired: true };
  return automatic === undefined ? undefined : { reason: automatic, expired: false };
}

function updateOf(
  due: Due | undefined,
  next: Next,
  texts: { readonly failed: (problem: string) => string; readonly done: (version: string) => string },
): Update | undefined {
  if (due === undefined || next.kind === "latest") return undefined;
  const { reason } = due;
  if (next.kind === "nothing") return { kind: "failed", problem: texts.failed(next.problem), reason };
  return { kind: "done", description: texts.done(next.version), reason };
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
  const entry = name === imageName ? offered.find((one) => one.version === current) : undefined;
  const suffix = `(image update strategy: ${strategy})`;
  const due = dueOf(
    entry,
    `Machine image version expired - force update required ${suffix}`,
    automatic ? `Automatic update of the machine image version is configured ${suffix}` : undefined,
  );
  const endOfLife = `either the machine image ${quote(name)} is reaching end of life and migration to another machine image is required or there is a misconfiguration in the CloudProfile. If it is the latter, make sure the machine image in the CloudProfile has at least one version that is not expired, not in preview and greater or equal to the current Shoot image version ${quote(current)}`;
  return updateOf(due, nextVersion(offered, current, strategy, due?.expired === true, endOfLife), {
    failed: (problem) =>
      `failed to update machine image ${quote(name)}: failed to determine the target version for maintenance of machine image ${quote(imageName)} with strategy ${quote(strategy)}: ${problem}`,
    done(version) {
      child(child(pool, "machine"), "image").version = version;
      return `Updated machine image ${quote(name)} from ${quote(current)} to ${quote(version)}`;
    },
  });
}

/** As Go's %q. */
const quote = (value: string) => JSON.stringify(value);

/** Versions of a machine image that suit a pool. `kubeletVersion`: of the pool before this maintenance, which updates images first. */
function suitableVersions(image: JsonMap, pool: JsonMap, kubeletVersion: string): readonly JsonMap[] {
  const architecture = textAt(pool, "machine", "architecture") || "amd64";
  return mapsAt(image, "versions").filter((entry) => {
    const constraint = text(entry.kubeletVersionConstraint);
    return (
      architecturesOf(entry).includes(architecture) &&
      fitsCri(pool, entry) &&
      (constraint === "" || satisfiesConstraint(kubeletVersion, constraint)) &&
      fitsInPlace(pool, entry)
    );
  });
}

function fitsCri(pool: JsonMap, entry: JsonMap): boolean {
  const offered = supportsCri(entry, textAt(pool, "cri", "name") || "containerd");
  if (offered === undefined) return false;
  return mapsAt(pool, "cri", "containerRuntimes").every((one) => offered.includes(text(one.type)));
}

function fitsInPlace(pool: JsonMap, entry: JsonMap): boolean {
  if (!isInPlace(pool)) return true;
  const current = textAt(pool, "machine", "image", "version");
  const supported = at(entry, "inPlaceUpdates", "supported") === true;
  return entry.version === current ? supported : takesInPlace(entry, current);
}
