/** The ShootMutator admission plugin: versions that are not written out in full are resolved, on updates too. */
import { at, child, clone, isMap, type JsonMap, mapsAt, text, textAt } from "../json";
import {
  type AdmissionContext,
  findPool,
  isBeingDeleted,
  isInPlace,
  poolPath,
  pools,
} from "../validation/context";
import type { FieldErrors } from "../validation/field";
import { architecturesOf, findMachineType } from "../validation/machines";
import { classify, compareVersions, parseVersion } from "../validation/versions";

/** Of the context, the Shoot is changed in place. */
export function resolveVersions(errors: FieldErrors, mutation: AdmissionContext): void {
  const { shoot, profile } = mutation;
  const resolve = (parent: JsonMap, field: string) => {
    const found = resolveKubernetes(errors, mutation, textAt(parent, "kubernetes", "version"), field);
    if (found !== undefined) child(parent, "kubernetes").version = found;
    return found !== undefined;
  };
  resolve(child(shoot, "spec"), "spec.kubernetes.version");
  for (const [index, pool] of pools(shoot).entries()) {
    // Gardener stops at the first pool that fails.
    if (at(pool, "kubernetes", "version") === undefined) continue;
    if (!resolve(pool, `${poolPath(index)}.kubernetes.version`)) break;
  }
  for (const pool of pools(shoot)) {
    const machine = child(pool, "machine");
    const known = architecturesOf(findMachineType(profile, text(machine.type)) ?? {});
    machine.architecture ??= (known.length === 1 ? known[0] : undefined) ?? "amd64";
  }
  if (isBeingDeleted(shoot)) return;
  for (const [index, pool] of pools(shoot).entries()) {
    const image = resolveImage(errors, mutation, pool, poolPath(index));
    if (image !== undefined) child(pool, "machine").image = image;
  }
}

/** The highest version that is strictly supported and begins with what is given. */
function resolveKubernetes(
  errors: FieldErrors,
  { profile, now }: AdmissionContext,
  given: string,
  field: string,
): string | undefined {
  const parts = given.split(".");
  if (parts.length === 3) return given;
  const [major = "", minor = ""] = parts.length === 2 ? parts : [parts[0]];
  const wrong = [minor, major].find((part) => !/^\d*$/.test(part));
  if (wrong !== undefined) {
    errors.invalid(field, wrong, "must be a semantic version");
    return undefined;
  }
  const candidates = mapsAt(profile, "kubernetes", "versions").filter(
    (entry) => classify(entry, now) === "supported" && begins(text(entry.version), major, minor),
  );
  const found = highest(candidates);
  if (found !== undefined) return found;
  errors.invalid(
    field,
    given,
    `couldn't find a suitable version for ${given}. Suitable versions have a non-expired expiration date and are no 'preview' versions. 'Preview'-classified versions have to be selected explicitly`,
  );
  return undefined;
}

function begins(version: string, major: string, minor: string): boolean {
  const parsed = parseVersion(version);
  return (
    (major === "" || parsed?.major === Number(major)) && (minor === "" || parsed?.minor === Number(minor))
  );
}

function highest(entries: readonly JsonMap[]): string | undefined {
  const versions = entries.map((entry) => text(entry.version));
  return versions.sort((a, b) => compareVersions(a, b) ?? 0).at(-1);
}

/** What is omitted of an existing pool does not change: only maintenance updates images by itself. */
function resolveImage(
  errors: FieldErrors,
  mutation: AdmissionContext,
  pool: JsonMap,
  path: string,
): JsonMap | undefined {
  const given = at(pool, "machine", "image");
  const before = at(findPool(mutation.old, textAt(pool, "name")), "machine", "image");
  if (!isMap(before)) return defaultImage(errors, mutation, pool, path);
  if (!isMap(given)) return clone(before);
  const version = text(given.version);
  if (given.name !== before.name || (version !== "" && version !== before.version)) {
    return defaultImage(errors, mutation, pool, path);
  }
  const { providerConfig } = given;
  const image = clone(before);
  if (providerConfig === undefined) delete image.providerConfig;
  else image.providerConfig = providerConfig;
  return image;
}

/** Neither expiry, nor CRI, nor the kubelet constraint matter here (getDefaultMachineImage). */
function defaultImage(
  errors: FieldErrors,
  { profile, now }: AdmissionContext,
  pool: JsonMap,
  path: string,
): JsonMap | undefined {
  const given = at(pool, "machine", "image");
  const name = textAt(given, "name");
  const version = textAt(given, "version");
  const reference = isMap(given) ? `${name}@${version}` : "";
  const architecture = textAt(pool, "machine", "architecture");
  const supports = (entry: JsonMap) => architecturesOf(entry).includes(architecture);
  const image = mapsAt(profile, "machineImages").find((one) =>
    name === "" ? mapsAt(one, "versions").some(supports) : one.name === name,
  );
  if (image === undefined) {
    const detail = `no valid machine image found that supports architecture \`${architecture}\``;
    if (name === "") errors.invalid(path, reference, detail);
    else errors.invalid(path, name, "image is not supported");
    return undefined;
  }
  const entries = mapsAt(image, "versions");
  const parts = version.replace(/^v/, "").split(".");
  if (isMap(given) && (parts.length === 3 || entries.some((one) => one.version === version))) return given;
  const [major = "", minor = ""] = parts.length === 2 ? parts : [parts[0]];
  const inPlace = (entry: JsonMap) => !isInPlace(pool) || at(entry, "inPlaceUpdates", "supported") === true;
  const found = latest(
    entries.filter((one) => supports(one) && inPlace(one) && begins(text(one.version), major, minor)),
    now,
  );
  if (found === undefined) {
    errors.invalid(
      path,
      reference,
      "failed to determine latest machine image from cloud profile: unable to determine latest expirable version",
    );
    return undefined;
  }
  const providerConfig = at(given, "providerConfig");
  return {
    name: text(image.name),
    version: found,
    ...(providerConfig === undefined ? {} : { providerConfig }),
  };
}

/** Previews never, deprecated ones only where there are no others. */
function latest(entries: readonly JsonMap[], now: Date): string | undefined {
  const choice = entries.filter((entry) => classify(entry, now) !== "preview");
  return highest(choice.filter((entry) => classify(entry, now) !== "deprecated")) ?? highest(choice);
}
