/** Searching what a CloudProfile offers, whether Kubernetes or machine image versions. */
import type { Classification, OfferedVersion } from "../model/cloudprofile";
import { classify, expiryOf } from "./classification";
import { compareVersions, isSame } from "./versions";

/** The entry that names this version, in its own spelling where there is one. */
export function find<Version extends OfferedVersion>(
  versions: readonly Version[],
  text: string,
): Version | undefined {
  return (
    versions.find(({ version }) => version === text) ?? versions.find(({ version }) => isSame(version, text))
  );
}

export function newest<Version extends OfferedVersion>(versions: readonly Version[]): Version | undefined {
  return newestFirst(versions)[0];
}

export function newestFirst<Version extends OfferedVersion>(
  versions: readonly Version[],
): readonly Version[] {
  return [...versions].sort((a, b) => compareVersions(b.version, a.version));
}

export function withClassification<Version extends OfferedVersion>(
  versions: readonly Version[],
  now: Date,
  ...classifications: readonly Classification[]
): readonly Version[] {
  return versions.filter((version) => classifications.includes(classify(version, now)));
}

/** The newest supported one; a deprecated one only where there is no supported one at all. */
export function preferred<Version extends OfferedVersion>(
  versions: readonly Version[],
  now: Date,
): Version | undefined {
  return (
    newest(withClassification(versions, now, "supported")) ??
    newest(withClassification(versions, now, "deprecated"))
  );
}

/** For messages: `1.34.3, 1.34.1 (deprecated until 2027-04-30), 1.34.4 (preview)`, or `none`. */
export function list(versions: readonly OfferedVersion[], now: Date): string {
  return (
    newestFirst(versions)
      .map((version) => describe(version, now))
      .join(", ") || "none"
  );
}

function describe(version: OfferedVersion, now: Date): string {
  const classification = classify(version, now);
  if (classification === "supported") return version.version;
  const expiry = expiryOf(version);
  const until = classification === "deprecated" && expiry !== undefined ? ` until ${day(expiry)}` : "";
  return `${version.version} (${classification}${until})`;
}

/** A day in messages: 2027-04-30. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
