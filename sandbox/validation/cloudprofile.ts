/** Rules of a CloudProfile that decide which fixtures can exist (`pkg/api/core/validation/cloudprofile.go`). */
import { type JsonMap, mapsAt, text, textAt, textsAt } from "../json";
import { duplicate, type FieldError, forbiddenField, invalidField, notSupported, required } from "./field";
import { classify, parseVersion } from "./versions";

const CLASSIFICATIONS = ["deprecated", "expired", "preview", "supported"];
const KUBERNETES_VERSION = /^([0-9]+\.){2}[0-9]+$/;

export interface ProfileContext {
  readonly now: Date;
  /** Feature gates that are on. */
  readonly gates: readonly string[];
}

export function validateCloudProfile(profile: JsonMap, { now, gates }: ProfileContext): FieldError[] {
  const errors: FieldError[] = [];
  if (textAt(profile, "spec", "type") === "")
    errors.push(required("spec.type", "must provide a provider type"));
  errors.push(...kubernetes(mapsAt(profile, "spec", "kubernetes", "versions"), { now, gates }));
  const images = mapsAt(profile, "spec", "machineImages");
  if (images.length === 0)
    errors.push(required("spec.machineImages", "must provide at least one machine image"));
  images.forEach((image, index) => {
    errors.push(...machineImage(image, `spec.machineImages[${String(index)}]`, { now, gates }));
  });
  if (mapsAt(profile, "spec", "machineTypes").length === 0) {
    errors.push(required("spec.machineTypes", "must provide at least one machine type"));
  }
  if (mapsAt(profile, "spec", "regions").length === 0) {
    errors.push(required("spec.regions", "must provide at least one region"));
  }
  return errors;
}

function kubernetes(versions: readonly JsonMap[], context: ProfileContext): FieldError[] {
  const path = "spec.kubernetes.versions";
  const errors: FieldError[] = [];
  if (versions.length === 0) errors.push(required(path, "must provide at least one Kubernetes version"));
  const latest = [...versions].sort((a, b) => order(b) - order(a) || compareEntries(b, a))[0];
  if (latest?.expirationDate !== undefined) {
    errors.push(
      invalidField(
        `${path}[].expirationDate`,
        latest.expirationDate,
        `expiration date of latest kubernetes version ('${text(latest.version)}') must not be set`,
      ),
    );
  }
  const seen = new Set<string>();
  versions.forEach((entry, index) => {
    const field = `${path}[${String(index)}]`;
    const version = text(entry.version);
    if (!KUBERNETES_VERSION.test(version)) {
      errors.push(
        invalidField(
          field,
          entry,
          `all Kubernetes versions must match the regex ${KUBERNETES_VERSION.source}`,
        ),
      );
    } else if (seen.has(version)) errors.push(duplicate(`${field}.version`, version));
    seen.add(version);
    errors.push(...expirable(entry, field, context));
  });
  versions.forEach((entry, index) => {
    errors.push(...oneSupported(entry, versions, `${path}[${String(index)}]`, context.now));
  });
  return errors;
}

const order = (entry: JsonMap) => (parseVersion(text(entry.version)) === undefined ? 0 : 1);

function compareEntries(a: JsonMap, b: JsonMap): number {
  const left = parseVersion(text(a.version));
  const right = parseVersion(text(b.version));
  return left === undefined || right === undefined ? 0 : left.compare(right);
}

function machineImage(image: JsonMap, path: string, context: ProfileContext): FieldError[] {
  const versions = mapsAt(image, "versions");
  const errors: FieldError[] = [];
  if (text(image.name) === "") errors.push(required(`${path}.name`, "machine image name must not be empty"));
  if (versions.length === 0)
    errors.push(
      required(
        `${path}.versions`,
        `must provide at least one version for the machine image '${text(image.name)}'`,
      ),
    );
  const strategies = ["major", "minor", "patch"];
  const strategy = text(image.updateStrategy);
  if (!strategies.includes(strategy))
    errors.push(notSupported(`${path}.updateStrategy`, strategy, strategies));
  versions.forEach((entry, index) => {
    const field = `${path}.versions[${String(index)}]`;
    if (parseVersion(text(entry.version)) === undefined) {
      errors.push(
        invalidField(
          `${field}.version`,
          text(entry.version),
          "could not parse version. Use a semantic version.",
        ),
      );
    }
    errors.push(...oneSupported(entry, versions, field, context.now), ...expirable(entry, field, context));
    if (mapsAt(entry, "capabilityFlavors").length === 0 && textsAt(entry, "architectures").length === 0) {
      errors.push(required(`${field}.architectures`, "must provide at least one architecture"));
    }
  });
  return errors;
}

function expirable(entry: JsonMap, field: string, { gates }: ProfileContext): FieldError[] {
  if (mapsAt(entry, "lifecycle").length > 0) {
    if (gates.includes("VersionClassificationLifecycle")) return [];
    return [
      forbiddenField(
        `${field}.lifecycle`,
        "lifecycles are not allowed with disabled VersionClassificationLifecycle feature gate",
      ),
    ];
  }
  const classification = text(entry.classification);
  if (classification === "expired") {
    return [forbiddenField(`${field}.classification`, "cannot specify `classification` expired")];
  }
  return classification === "" || CLASSIFICATIONS.includes(classification)
    ? []
    : [notSupported(`${field}.classification`, classification, CLASSIFICATIONS)];
}

/** Versions without a written classification slip through, as they do in Gardener. */
function oneSupported(entry: JsonMap, all: readonly JsonMap[], field: string, now: Date): FieldError[] {
  const own = parseVersion(text(entry.version));
  if (text(entry.classification) === "" || own === undefined || classify(entry, now) !== "supported")
    return [];
  return all.flatMap((other) => {
    const version = parseVersion(text(other.version));
    const overlaps =
      other.version !== entry.version &&
      text(other.classification) === "supported" &&
      version?.major === own.major &&
      version.minor === own.minor;
    return overlaps
      ? [
          forbiddenField(
            field,
            `unable to add version ${JSON.stringify(entry.version)} with classification "supported". "supported" lifecycle stages must not overlap per minor version`,
          ),
        ]
      : [];
  });
}
