/**
 * Versions as CloudProfiles write them. Kubernetes versions have three parts; machine image versions
 * may have fewer and a pre-release, as Gardener reads them with Masterminds' tolerant `semver.NewVersion`.
 */
import * as semver from "semver";

const shape = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Planning compares the few hundred versions of a CloudProfile with those of every pool: each is parsed once. */
const parsed = new Map<string, semver.SemVer | undefined>();
const MOST_PARSED = 10_000;

/** Undefined for what is no version; missing parts count as 0. */
export function parseVersion(text: string): Readonly<semver.SemVer> | undefined {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  const version = parse(text);
  parsed.set(text, version);
  return version;
}

function parse(text: string): semver.SemVer | undefined {
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [, major, minor = "0", patch = "0", prerelease = ""] = parts;
  return semver.parse(`${Number(major)}.${Number(minor)}.${Number(patch)}${prerelease}`) ?? undefined;
}

/** Orders versions; what is no version comes before all that are. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return left.compare(right);
}

/** False where one of the two is no version: what cannot be compared is never a reason to move. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left !== undefined && right !== undefined && left.compare(right) > 0;
}

/** Equal in all that orders versions: "1877.3" and "1877.3.0" are the same. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left !== undefined && right !== undefined && left.compare(right) === 0;
}

/** A version or the first parts of one: "1.34", "1877". */
export interface Prefix {
  readonly parts: readonly number[];
}

/** Undefined where the text names one version exactly, or none. */
export function parsePrefix(text: string): Prefix | undefined {
  if (!/^v?\d+(\.\d+)?$/.test(text)) return undefined;
  return { parts: text.replace(/^v/, "").split(".").map(Number) };
}

/** Negative, 0 or positive as the version lies before, in or beyond all that begin with the prefix. */
export function compareToPrefix(version: string, prefix: Prefix): number {
  const found = parseVersion(version);
  if (found === undefined) return -1;
  const own = [found.major, found.minor, found.patch];
  for (const [index, part] of prefix.parts.entries()) {
    const difference = (own[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** "1.34" of "1.34.3". */
export function minorOf(version: string): string {
  const found = parseVersion(version);
  return found === undefined ? version : `${found.major}.${found.minor}`;
}

export function sameMinor(a: string, b: string): boolean {
  return minorOf(a) === minorOf(b);
}

export function sameMajor(a: string, b: string): boolean {
  const major = parseVersion(a)?.major;
  return major !== undefined && major === parseVersion(b)?.major;
}

/** How many minors `to` lies above `from`; infinite across majors and where one is no version. */
export function minorsBetween(from: string, to: string): number {
  const [low, high] = [parseVersion(from), parseVersion(to)];
  if (low === undefined || high === undefined) return Infinity;
  return low.major === high.major ? high.minor - low.minor : Infinity;
}
