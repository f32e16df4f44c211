/**
 * Whether a machine image version can run in a worker pool; the rules of Gardener's
 * validateMachineImagesConstraints (plugin/pkg/shoot/validator/admission.go).
 */
import * as semver from "semver";
import type { Capabilities, CloudProfile, MachineImageVersion } from "../model/cloudprofile";
import { entryOf } from "../model/json";
import type { WorkerPool } from "../model/shoot";
import { isNewer } from "./versions";

/**
 * Why it cannot, as the end of a sentence that begins with the image; undefined where it can.
 * @param kubelet the version that the pool's kubelets run with it.
 */
export function unsuitable(
  version: MachineImageVersion,
  pool: WorkerPool,
  kubelet: string,
  profile: CloudProfile,
): string | undefined {
  return unsuitableNodes(version, pool, kubelet, profile) ?? inPlace(version, pool);
}

function unsuitableNodes(
  version: MachineImageVersion,
  pool: WorkerPool,
  kubelet: string,
  profile: CloudProfile,
): string | undefined {
  return (
    architecture(version, pool, profile) ??
    capabilities(version, pool, profile) ??
    cri(version, pool) ??
    kubeletConstraint(version, kubelet)
  );
}

/** Every version of the pool's image that its nodes can run with these kubelets. */
export function suitableVersions(
  pool: WorkerPool,
  kubelet: string,
  profile: CloudProfile,
): readonly MachineImageVersion[] {
  const image = profile.machineImages.find(({ name }) => name === pool.machineImage.name);
  return (image?.versions ?? []).filter(
    (version) => unsuitable(version, pool, kubelet, profile) === undefined,
  );
}

/**
 * The versions among which Gardener's maintenance chooses, with the current one if it suits
 * (FilterMachineImageVersions in pkg/controllermanager/controller/shoot/maintenance/helper).
 */
export function maintainableVersions(
  pool: WorkerPool,
  kubelet: string,
  profile: CloudProfile,
): readonly MachineImageVersion[] {
  const image = profile.machineImages.find(({ name }) => name === pool.machineImage.name);
  const isCurrent = ({ version }: MachineImageVersion) => version === pool.machineImage.version;
  return (image?.versions ?? []).filter((version) =>
    isCurrent(version)
      ? unsuitableNodes(version, pool, kubelet, profile) === undefined &&
        (pool.updateStrategy === "AutoRollingUpdate" || version.inPlaceUpdates?.supported === true)
      : unsuitable(version, pool, kubelet, profile) === undefined,
  );
}

/** Those of the reasons that Gardener checks for images that do not change, too. */
export function unsuitableToStay(
  version: MachineImageVersion,
  pool: WorkerPool,
  kubelet: string,
  profile: CloudProfile,
): string | undefined {
  return capabilities(version, pool, profile) ?? kubeletConstraint(version, kubelet);
}

export function kubeletConstraint(version: MachineImageVersion, kubelet: string): string | undefined {
  const { kubeletVersionConstraint: constraint } = version;
  if (constraint === undefined || satisfies(kubelet, constraint)) return undefined;
  return `runs kubelets ${constraint} only, not ${kubelet}`;
}

function architecture(
  version: MachineImageVersion,
  pool: WorkerPool,
  profile: CloudProfile,
): string | undefined {
  const offered = usesCapabilities(profile)
    ? flavors(version, profile).flatMap((flavor) => flavor["architecture"] ?? [])
    : version.architectures;
  if (offered.length === 0 || offered.includes(pool.architecture)) return undefined;
  return `is made for ${[...new Set(offered)].join(", ")}, not for ${pool.architecture}`;
}

function capabilities(
  version: MachineImageVersion,
  pool: WorkerPool,
  profile: CloudProfile,
): string | undefined {
  const type = profile.machineTypes.find(({ name }) => name === pool.machineType);
  if (!usesCapabilities(profile) || type === undefined) return undefined;
  const machine = withDefaults(type.capabilities, profile);
  const fits = flavors(version, profile).some((flavor) =>
    Object.entries(machine).every(([name, values]) =>
      values.some((value) => entryOf(flavor, name)?.includes(value)),
    ),
  );
  return fits ? undefined : `lacks capabilities of machine type ${pool.machineType}`;
}

function cri(version: MachineImageVersion, pool: WorkerPool): string | undefined {
  if (pool.cri === undefined) return undefined;
  const { name, containerRuntimes } = pool.cri;
  const offered = version.cri.length > 0 ? version.cri : [{ name: "containerd", containerRuntimes: [] }];
  const same = offered.find((candidate) => candidate.name === name);
  if (same === undefined) return `has ${offered.map((candidate) => candidate.name).join(", ")}, not ${name}`;
  const missing = containerRuntimes.filter((runtime) => !same.containerRuntimes.includes(runtime));
  return missing.length > 0 ? `lacks the container runtime ${missing.join(", ")}` : undefined;
}

function inPlace(version: MachineImageVersion, pool: WorkerPool): string | undefined {
  if (pool.updateStrategy === "AutoRollingUpdate") return undefined;
  const { supported = false, minVersionForUpdate } = version.inPlaceUpdates ?? {};
  if (!supported) return `cannot be installed in place, as ${pool.updateStrategy} requires`;
  if (minVersionForUpdate === undefined)
    return "can be installed in place, but the CloudProfile does not name the first version for that (minVersionForUpdate)";
  return isNewer(minVersionForUpdate, pool.machineImage.version)
    ? `can be installed in place from ${minVersionForUpdate} on, not from ${pool.machineImage.version}`
    : undefined;
}

function usesCapabilities(profile: CloudProfile): boolean {
  return Object.keys(profile.machineCapabilities).length > 0;
}

/** An image without flavors serves every capability there is. */
function flavors(version: MachineImageVersion, profile: CloudProfile): readonly Capabilities[] {
  const given = version.capabilityFlavors.length > 0 ? version.capabilityFlavors : [{}];
  return given.map((flavor) => withDefaults(flavor, profile));
}

function withDefaults(given: Capabilities, profile: CloudProfile): Capabilities {
  return { ...profile.machineCapabilities, ...given };
}

function satisfies(version: string, constraint: string): boolean {
  return alternativesOf(constraint).some(
    ({ range, excluded }) =>
      range === undefined || (range.test(version) && !excluded.some((other) => other.test(version))),
  );
}

interface Alternative {
  /** Undefined: it cannot be parsed, and the server decides. */
  readonly range: semver.Range | undefined;
  readonly excluded: readonly semver.Range[];
}

/** A CloudProfile repeats a few constraints in hundreds of versions, and parsing costs more than comparing. */
const parsedConstraints = new Map<string, readonly Alternative[]>();

function alternativesOf(constraint: string): readonly Alternative[] {
  const known = parsedConstraints.get(constraint);
  if (known !== undefined) return known;
  const alternatives = constraint.split("||").map(parseAlternative);
  parsedConstraints.set(constraint, alternatives);
  return alternatives;
}

/** Constraints in Masterminds' syntax: like npm's, but with commas for "and" and with `!=`. */
function parseAlternative(text: string): Alternative {
  const terms = text.replaceAll(",", " ").replace(/=([<>])/g, "$1=");
  const excluded = [...terms.matchAll(/!=\s*([^\s]+)/g)].flatMap((match) => parseRange(match[1] ?? "") ?? []);
  return { range: parseRange(terms.replace(/!=\s*[^\s]+/g, " ")), excluded };
}

function parseRange(text: string): semver.Range | undefined {
  return semver.validRange(text) === null ? undefined : new semver.Range(text);
}
