/**
 * Which version comes next, for Kubernetes and for machine images: the filters of Gardener's
 * pkg/api/core/v1beta1/helper/cloudprofile.go, in the order in which its maintenance applies them.
 */
import { compare, type SemVer } from "semver";
import type { JsonMap } from "../json";
import { text } from "../json";
import { type Classification, classify, compareVersions, parseVersion } from "../validation/versions";

export interface Candidate {
  readonly version: string;
  readonly classification: Classification;
}

export type Strategy = "kubernetes" | "patch" | "minor" | "major";

export type Next =
  | { readonly kind: "version"; readonly version: string }
  /** Already at the end of what the strategy allows. */
  | { readonly kind: "latest" }
  | { readonly kind: "nothing"; readonly problem: string };

interface Parsed extends Candidate {
  readonly semver: SemVer;
}

type Part = "minor" | "major";

export function candidates(versions: readonly JsonMap[], now: Date): readonly Candidate[] {
  return versions.map((entry) => ({ version: text(entry.version), classification: classify(entry, now) }));
}

export function nextVersion(
  offered: readonly Candidate[],
  current: string,
  strategy: Strategy,
  expired: boolean,
  /** Why a machine image with the strategy major cannot be forced any further. */
  endOfLife = "",
): Next {
  const from = parseVersion(current);
  if (from === undefined) return { kind: "nothing", problem: "Invalid Semantic Version" };
  const versions = offered.flatMap(parse);
  const found = automatic(versions, current, from, strategy);
  if (found !== undefined) return { kind: "version", version: found.version };
  if (!expired) return { kind: "latest" };
  if (strategy === "major") {
    return { kind: "nothing", problem: `failed to determine version for forceful update: ${endOfLife}` };
  }
  const forced = forcefully(versions, from, strategy);
  if (forced !== undefined) return { kind: "version", version: forced.version };
  const problem = `cannot perform forceful update of expired version ${JSON.stringify(current)}. No suitable version found in CloudProfile - this is most likely a misconfiguration of the CloudProfile`;
  return { kind: "nothing", problem };
}

function parse(candidate: Candidate): readonly Parsed[] {
  const semver = parseVersion(candidate.version);
  return semver === undefined ? [] : [{ ...candidate, semver }];
}

/** A higher patch of the same minor always comes first, whatever the strategy would allow. */
function automatic(
  versions: readonly Parsed[],
  current: string,
  from: SemVer,
  strategy: Strategy,
): Parsed | undefined {
  const higher = versions.filter((one) => one.classification !== "expired" && compare(one.semver, from) > 0);
  const patch = preferred(higher.filter((one) => sameMinorFrom(one, current)));
  if (patch !== undefined || strategy === "kubernetes" || strategy === "patch") return patch;
  return preferred(strategy === "minor" ? higher.filter((one) => one.semver.major === from.major) : higher);
}

/** Gardener's "~": at least the current version without its pre-release, and of the same minor. */
function sameMinorFrom(candidate: Parsed, current: string): boolean {
  const floor = parseVersion(current.replace(/[-+].*$/, ""));
  // For Masterminds/semver, which Gardener uses, "~0.0.0" matches everything.
  if (floor?.version === "0.0.0") return true;
  return (
    floor?.major === candidate.semver.major &&
    floor.minor === candidate.semver.minor &&
    (compareVersions(candidate.version, current) ?? -1) >= 0
  );
}

function preferred(versions: readonly Parsed[]): Parsed | undefined {
  return highest(versions.filter((one) => one.classification !== "deprecated")) ?? highest(versions);
}

/** Never a preview; what is merely unavailable is not filtered, as in Gardener. */
function highest(versions: readonly Parsed[]): Parsed | undefined {
  return versions.filter(isNoPreview).sort((a, b) => compare(b.semver, a.semver))[0];
}

function forcefully(versions: readonly Parsed[], from: SemVer, strategy: Strategy): Parsed | undefined {
  const living = (one: Parsed): boolean => one.classification !== "expired";
  if (strategy === "kubernetes") {
    const next = versions.filter(
      ({ semver }) => semver.major === from.major && semver.minor === from.minor + 1,
    );
    return highest(next.filter(living)) ?? highest(next);
  }
  const part: Part = strategy === "patch" ? "minor" : "major";
  const reachable = versions.filter(
    ({ semver }) => semver[part] > from[part] && (part === "major" || semver.major === from.major),
  );
  const found = ofNextHigher(reachable.filter(living), part);
  // Rather the expired versions of the next one than to skip it.
  if (
    found !== undefined &&
    found.semver[part] <= nextSeen(versions, reachable.filter(living), from, part, found)
  ) {
    return found;
  }
  return ofNextHigher(reachable, part);
}

/** The highest version of the lowest minor (or major) that has one. */
function ofNextHigher(versions: readonly Parsed[], part: Part): Parsed | undefined {
  const usable = versions.filter(isNoPreview);
  const lowest = Math.min(...usable.map(({ semver }) => semver[part]));
  return highest(usable.filter(({ semver }) => semver[part] === lowest));
}

/**
 * The next minor (or major) that Gardener finds before it stops: it searches upwards until a version
 * that qualifies is beyond what it has found, whatever major a minor belongs to.
 */
function nextSeen(
  versions: readonly Parsed[],
  qualified: readonly Parsed[],
  from: SemVer,
  part: Part,
  found: Parsed,
): number {
  const beyond = qualified.filter((one) => isNoPreview(one) && one.semver[part] > found.semver[part]);
  const seen = versions.filter(({ semver }) => beyond.every((end) => compare(semver, end.semver) < 0));
  return Math.min(...seen.map(({ semver }) => semver[part]).filter((value) => value > from[part]));
}

function isNoPreview(one: Candidate): boolean {
  return one.classification !== "preview";
}
