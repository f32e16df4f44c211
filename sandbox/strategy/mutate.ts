/** The ShootMutator admission plugin: versions that are not written out in full are resolved, on updates too. */
import { at, child, clone, isMap, type JsonMap, mapsAt, text, textAt } from "../json";
import { findPool, isInPlace, poolPath, pools } from "../validation/context";
import { type FieldError, invalidField } from "../validation/field";
import { classify, parseVersion } from "../validation/versions";
import { architecturesOf, findMachineType, flavorsServe } from "./machines";

export interface Mutation {
  /** Changed in place. */
  readonly shoot: JsonMap;
  /** Empty for a new Shoot. */
  readonly old: JsonMap;
  readonly profile: JsonMap;
  readonly now: Date;
}

export function resolveVersions(mutation: Mutation): FieldError[] {
  const errors = resolveKubernetes(mutation);
  for (const pool of pools(mutation.shoot)) defaultArchitecture(pool, mutation.profile);
  return textAt(mutation.shoot, "metadata", "deletionTimestamp") === ""
    ? [...errors, ...resolveImages(mutation)]
    : errors;
}

function resolveKubernetes(mutation: Mutation): FieldError[] {
  const kubernetes = child(child(mutation.shoot, "spec"), "kubernetes");
  const errors: FieldError[] = [];
  const resolved = resolve(mutation, text(kubernetes.version), "spec.kubernetes.version");
  if (typeof resolved === "string") kubernetes.version = resolved;
  else errors.push(resolved);
  for (const [index, pool] of pools(mutation.shoot).entries()) {
    const pin = at(pool, "kubernetes", "version");
    if (typeof pin !== "string") continue;
    const found = resolve(mutation, pin, `${poolPath(index)}.kubernetes.version`);
    // The first pool that fails ends it.
    if (typeof found !== "string") return [...errors, found];
    child(pool, "kubernetes").version = found;
  }
  return errors;
}

/** The highest version that is strictly supported and begins with what is given. */
function resolve({ profile, now }: Mutation, given: string, field: string): string | FieldError {
  const parts = given.split(".");
  if (parts.length === 3) return given;
  const [majorPart = "", minorPart = ""] = parts;
  let minor: number | undefined;
  if (parts.length === 2 && minorPart !== "") {
    if (!/^\d+$/.test(minorPart)) return invalidField(field, minorPart, "must be a semantic version");
    minor = Number(minorPart);
  }
  if (majorPart !== "" && !/^\d+$/.test(majorPart)) {
    return invalidField(field, majorPart, "must be a semantic version");
  }
  const candidates = mapsAt(profile, "kubernetes", "versions").filter((entry) => {
    const version = parseVersion(text(entry.version));
    return (
      classify(entry, now) === "supported" &&
      (majorPart === "" || version?.major === Number(majorPart)) &&
      (minor === undefined || version?.minor === minor)
    );
  });
  return (
    highest(candidates) ??
    invalidField(
      field,
      given,
      `couldn't find a suitable version for ${given}. Suitable versions have a non-expired expiration date and are no 'preview' versions. 'Preview'-classified versions have to be selected explicitly`,
    )
  );
}

function highest(entries: readonly JsonMap[]): string | undefined {
  let best: string | undefined;
  for (const entry of entries) {
    const version = text(entry.version);
    const than = best === undefined ? undefined : parseVersion(best);
    if (than === undefined || (parseVersion(version)?.compare(than) ?? -1) > 0) best = version;
  }
  return best;
}

function defaultArchitecture(pool: JsonMap, profile: JsonMap): void {
  const machine = child(pool, "machine");
  if (machine.architecture !== undefined) return;
  const type = findMachineType(profile, text(machine.type));
  const known = type === undefined ? [] : architecturesOf(type, profile);
  machine.architecture = known.length === 1 ? (known[0] ?? "amd64") : "amd64";
}

type Resolved = { readonly image: JsonMap } | { readonly refused: FieldError };

function resolveImages(mutation: Mutation): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, pool] of pools(mutation.shoot).entries()) {
    const resolved = resolveImage(mutation, pool, poolPath(index));
    if ("refused" in resolved) errors.push(resolved.refused);
    else child(pool, "machine").image = resolved.image;
  }
  return errors;
}

/** What an existing pool leaves open stays as it was: only maintenance moves images by itself. */
function resolveImage(mutation: Mutation, pool: JsonMap, path: string): Resolved {
  const wanted = at(pool, "machine", "image");
  const before = at(findPool(mutation.old, textAt(pool, "name")), "machine", "image");
  if (isMap(before)) {
    if (!isMap(wanted)) return { image: clone(before) };
    const version = text(wanted.version);
    if (wanted.name === before.name && (version === "" || version === before.version)) {
      const image = clone(before);
      delete image.providerConfig;
      const own = wanted.providerConfig;
      return { image: own === undefined ? image : { ...image, providerConfig: own } };
    }
  }
  return defaultImage(mutation, pool, isMap(wanted) ? wanted : undefined, path);
}

/** Neither expiry, nor CRI, nor the kubelet constraint count here (getDefaultMachineImage). */
function defaultImage(
  mutation: Mutation,
  pool: JsonMap,
  wanted: JsonMap | undefined,
  path: string,
): Resolved {
  const { profile } = mutation;
  const name = textAt(wanted, "name");
  const version = textAt(wanted, "version");
  const reference = wanted === undefined ? "" : `${name}@${version}`;
  const images = mapsAt(profile, "machineImages");
  const image = name === "" ? firstFitting(pool, profile) : images.find((one) => one.name === name);
  if (image === undefined) {
    const refused =
      name === ""
        ? invalidField(
            path,
            reference,
            `no valid machine image found that supports architecture \`${textAt(pool, "machine", "architecture")}\``,
          )
        : invalidField(path, name, "image is not supported");
    return { refused };
  }
  const entries = mapsAt(image, "versions");
  if (wanted !== undefined && entries.some((one) => one.version === version)) return { image: wanted };
  const parts = version.replace(/^v/, "").split(".");
  if (wanted !== undefined && parts.length === 3) return { image: wanted };
  const wrong = (parts.length === 2 ? parts : parts.slice(0, 1)).find((part) => !/^\d*$/.test(part));
  if (wrong !== undefined) {
    return {
      refused: invalidField(
        path,
        version,
        `${wrong} must be a semantic version: strconv.ParseUint: parsing ${JSON.stringify(wrong)}: invalid syntax`,
      ),
    };
  }
  const found = latest(
    entries.filter((one) => suits(one, pool, profile) && begins(text(one.version), parts)),
    mutation.now,
  );
  if (found === undefined) {
    return {
      refused: invalidField(
        path,
        reference,
        "failed to determine latest machine image from cloud profile: unable to determine latest expirable version",
      ),
    };
  }
  const config = wanted?.providerConfig;
  return {
    image: {
      name: text(image.name),
      version: found,
      ...(config === undefined ? {} : { providerConfig: config }),
    },
  };
}

function firstFitting(pool: JsonMap, profile: JsonMap): JsonMap | undefined {
  const architecture = textAt(pool, "machine", "architecture");
  return mapsAt(profile, "machineImages").find((image) =>
    mapsAt(image, "versions").some((entry) => architecturesOf(entry, profile).includes(architecture)),
  );
}

function suits(entry: JsonMap, pool: JsonMap, profile: JsonMap): boolean {
  const architecture = textAt(pool, "machine", "architecture");
  const type = findMachineType(profile, textAt(pool, "machine", "type"));
  return (
    architecturesOf(entry, profile).includes(architecture) &&
    (type === undefined ||
      mapsAt(profile, "machineCapabilities").length === 0 ||
      flavorsServe(type, entry, profile)) &&
    (!isInPlace(pool) || at(entry, "inPlaceUpdates", "supported") === true)
  );
}

function begins(version: string, parts: readonly string[]): boolean {
  const parsed = parseVersion(version);
  const [major = "", minor = ""] = parts;
  return (
    (major === "" || parsed?.major === Number(major)) &&
    (parts.length !== 2 || minor === "" || parsed?.minor === Number(minor))
  );
}

/** Previews never, deprecated ones only where nothing else is left. */
function latest(entries: readonly JsonMap[], now: Date): string | undefined {
  const choice = entries.filter((entry) => classify(entry, now) !== "preview");
  return highest(choice.filter((entry) => classify(entry, now) !== "deprecated")) ?? highest(choice);
}
