/** Versions as Gardener compares them: Masterminds/semver for parsing and constraints. */
import { compare, parse, satisfies, type SemVer } from "semver";
import { type JsonMap, mapsAt, text, textAt } from "../json";

/** Two parts, one part and a leading v are versions too; undefined for everything else. */
export function parseVersion(version: string): SemVer | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", pre = "", meta = ""] = match;
  return parse(`${major}.${minor}.${patch}${pre}${meta}`) ?? undefined;
}

/** Undefined where one of them is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  // Pre-releases and metadata do not count here (CompareVersions in gardener's pkg/utils/version).
  const left = parseVersion(a.replace(/[-+].*$/, ""));
  const right = parseVersion(b.replace(/[-+].*$/, ""));
  return left === undefined || right === undefined ? undefined : compare(left, right);
}

export function atLeast(version: string, other: string): boolean {
  const order = compareVersions(version, other);
  return order !== undefined && order >= 0;
}

export function satisfiesConstraint(version: string, constraint: string): boolean {
  return satisfies(parseVersion(version)?.version ?? version, constraint.replaceAll(",", " "));
}

export type Classification = "unavailable" | "preview" | "supported" | "deprecated" | "expired";

/** An entry of `versions[]` in a CloudProfile, against the clock (CurrentLifecycleClassification). */
export function classify(entry: JsonMap, now: Date): Classification {
  let stages = mapsAt(entry, "lifecycle");
  if (stages.length === 0) {
    const expirationDate = text(entry.expirationDate);
    stages = [{ classification: text(entry.classification) || "supported" }];
    if (expirationDate !== "") stages.push({ classification: "expired", startTime: expirationDate });
  }
  let current: Classification = "unavailable";
  for (const stage of stages) {
    const start = textAt(stage, "startTime");
    if (start === "" || new Date(start) < now) current = classification(text(stage.classification));
  }
  return current;
}

function classification(name: string): Classification {
  return name === "preview" || name === "deprecated" || name === "expired" || name === "unavailable"
    ? name
    : "supported";
}

export function isActive(entry: JsonMap, now: Date): boolean {
  const current = classify(entry, now);
  return current !== "expired" && current !== "unavailable";
}
