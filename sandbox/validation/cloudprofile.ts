/** Rules of a CloudProfile that decide which ones can exist (`pkg/api/core/validation/cloudprofile.go`). */
import { at, type JsonMap, mapsAt, text, textAt, textsAt } from "../json";
import type { FieldErrors } from "./field";
import { classify, parseVersion } from "./versions";

const CLASSIFICATIONS = ["deprecated", "expired", "preview", "supported"];
const STRATEGIES = ["major", "minor", "patch"];
const KUBERNETES_VERSION = /^([0-9]+\.){2}[0-9]+$/;

interface ProfileContext {
  readonly now: Date;
  /** Enabled feature gates. */
  readonly gates: readonly string[];
}

export function validateCloudProfile(errors: FieldErrors, profile: JsonMap, context: ProfileContext): void {
  const requireValue = (what: string, ...path: string[]) => {
    if (mapsAt(profile, "spec", ...path).length === 0 && textAt(profile, "spec", ...path) === "") {
      errors.required(["spec", ...path].join("."), `must provide ${what}`);
    }
  };
  requireValue("a provider type", "type");
  requireValue("at least one Kubernetes version", "kubernetes", "versions");
  kubernetes(errors, mapsAt(profile, "spec", "kubernetes", "versions"), context);
  requireValue("at least one machine image", "machineImages");
  mapsAt(profile, "spec", "machineImages").forEach((image, index) => {
    machineImage(errors, image, `spec.machineImages[${index}]`, context);
  });
  requireValue("at least one machine type", "machineTypes");
  requireValue("at least one region", "regions");
}

function kubernetes(errors: FieldErrors, versions: readonly JsonMap[], context: ProfileContext): void {
  const path = "spec.kubernetes.versions";
  const [latest] = versions.flatMap(parsed).sort((a, b) => b.version.compare(a.version));
  if (latest?.entry.expirationDate !== undefined) {
    errors.invalid(
      `${path}[].expirationDate`,
      latest.entry.expirationDate,
      `expiration date of latest kubernetes version ('${text(latest.entry.version)}') must not be set`,
    );
  }
  const seen = new Set<string>();
  versions.forEach((entry, index) => {
    const field = `${path}[${index}]`;
    const version = text(entry.version);
    if (!KUBERNETES_VERSION.test(version)) {
      errors.invalid(
        field,
        entry,
        `all Kubernetes versions must match the regex ${KUBERNETES_VERSION.source}`,
      );
    } else if (seen.has(version)) errors.duplicate(`${field}.version`, version);
    seen.add(version);
    expirable(errors, entry, field, context);
  });
  versions.forEach((entry, index) => oneSupported(errors, entry, versions, `${path}[${index}]`, context.now));
}

function parsed(entry: JsonMap) {
  const version = parseVersion(text(entry.version));
  return version === undefined ? [] : [{ entry, version }];
}

function machineImage(errors: FieldErrors, image: JsonMap, path: string, context: ProfileContext): void {
  const versions = mapsAt(image, "versions");
  const name = text(image.name);
  if (name === "") errors.required(`${path}.name`, "machine image name must not be empty");
  if (versions.length === 0) {
    const detail = `must provide at least one version for the machine image '${name}'`;
    errors.required(`${path}.versions`, detail);
  }
  const strategy = text(image.updateStrategy);
  if (!STRATEGIES.includes(strategy)) errors.notSupported(`${path}.updateStrategy`, strategy, STRATEGIES);
  versions.forEach((entry, index) => {
    const field = `${path}.versions[${index}]`;
    const version = text(entry.version);
    if (parseVersion(version) === undefined) {
      errors.invalid(`${field}.version`, version, "could not parse version. Use a semantic version.");
    }
    oneSupported(errors, entry, versions, field, context.now);
    expirable(errors, entry, field, context);
    if (textsAt(entry, "architectures").length === 0 && at(entry, "capabilityFlavors") === undefined) {
      errors.required(`${field}.architectures`, "must provide at least one architecture");
    }
  });
}

function expirable(errors: FieldErrors, entry: JsonMap, field: string, { gates }: ProfileContext): void {
  const classification = text(entry.classification);
  if (mapsAt(entry, "lifecycle").length > 0) {
    if (gates.includes("VersionClassificationLifecycle")) return;
    const detail = "lifecycles are not allowed with disabled VersionClassificationLifecycle feature gate";
    errors.forbidden(`${field}.lifecycle`, detail);
  } else if (classification === "expired") {
    errors.forbidden(`${field}.classification`, "cannot specify `classification` expired");
  } else if (classification !== "" && !CLASSIFICATIONS.includes(classification)) {
    errors.notSupported(`${field}.classification`, classification, CLASSIFICATIONS);
  }
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
