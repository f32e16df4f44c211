/** Rules of a CloudProfile that decide which ones can exist (`pkg/api/core/validation/cloudprofile.go`). */
import { type JsonMap, mapsAt, text } from "../json";
import type { FieldErrors } from "./field";
import { classify, parseVersion } from "./versions";

const KUBERNETES_VERSION = /^([0-9]+\.){2}[0-9]+$/;

export function validateCloudProfile(errors: FieldErrors, profile: JsonMap, now: Date): void {
  kubernetes(errors, mapsAt(profile, "spec", "kubernetes", "versions"), now);
  mapsAt(profile, "spec", "machineImages").forEach((image, index) => {
    const versions = mapsAt(image, "versions");
    versions.forEach((entry, at) => {
      oneSupported(errors, entry, versions, `spec.machineImages[${index}].versions[${at}]`, now);
    });
  });
}

function kubernetes(errors: FieldErrors, versions: readonly JsonMap[], now: Date): void {
  const path = "spec.kubernetes.versions";
  const [latest] = versions.flatMap(parsed).sort((a, b) => b.version.compare(a.version));
  if (latest?.entry.expirationDate !== undefined) {
    errors.invalid(
      `${path}[].expirationDate`,
      latest.entry.expirationDate,
      `expiration date of latest kubernetes version ('${text(latest.entry.version)}') must not be set`,
    );
  }
  versions.forEach((entry, index) => {
    if (KUBERNETES_VERSION.test(text(entry.version))) return;
    const detail = `all Kubernetes versions must match the regex ${KUBERNETES_VERSION.source}`;
    errors.invalid(`${path}[${index}]`, entry, detail);
  });
  versions.forEach((entry, index) => oneSupported(errors, entry, versions, `${path}[${index}]`, now));
}

function parsed(entry: JsonMap) {
  const version = parseVersion(text(entry.version));
  return version === undefined ? [] : [{ entry, version }];
}

/** Versions without an explicit classification are not compared, as in Gardener. */
function oneSupported(
  errors: FieldErrors,
  entry: JsonMap,
  all: readonly JsonMap[],
  field: string,
  now: Date,
): void {
  const own = parseVersion(text(entry.version));
  if (text(entry.classification) === "" || own === undefined || classify(entry, now) !== "supported") return;
  for (const other of all) {
    const version = parseVersion(text(other.version));
    if (other.version === entry.version || other.classification !== "supported") continue;
    if (version?.major !== own.major || version.minor !== own.minor) continue;
    errors.forbidden(
      field,
      `unable to add version ${JSON.stringify(entry.version)} with classification "supported". "supported" lifecycle stages must not overlap per minor version`,
    );
  }
}
