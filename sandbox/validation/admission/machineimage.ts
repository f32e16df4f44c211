/** Machine images against the CloudProfile (validateMachineImagesConstraints and what follows it). */
import { at, equal, isMap, type Json, type JsonMap, list, mapsAt, text, textAt, textsAt } from "../../json";
import { architecturesOf, flavorsServe, findMachineType } from "../../strategy/machines";
import { type AdmissionContext, effectiveVersion, findPool, isInPlace, poolPath } from "../context";
import { type FieldError, invalidField, notSupported } from "../field";
import { classify, compareVersions, isActive, satisfiesConstraint } from "../versions";

/** A Go slice of strings as `%v` prints it. */
const goList = (values: readonly string[]) => `[${values.join(" ")}]`;

/** The image as Gardener's internal type marshals it: it has no JSON names. */
function goImage(image: Json | undefined): Json {
  return {
    Name: textAt(image, "name"),
    ProviderConfig: at(image, "providerConfig") ?? null,
    Version: textAt(image, "version"),
  };
}

export function machineImage(
  context: AdmissionContext,
  pool: JsonMap,
  index: number,
): FieldError | undefined {
  const path = `${poolPath(index)}.machine.image`;
  const before = findPool(context.old, textAt(pool, "name"));
  const image = at(pool, "machine", "image");
  const architecture = textAt(pool, "machine", "architecture");
  if (
    before !== undefined &&
    equal(image, at(before, "machine", "image")) &&
    architecture === textAt(before, "machine", "architecture")
  ) {
    return undefined;
  }
  const isNew = context.operation === "CREATE" || before === undefined;
  const name = textAt(image, "name");
  const version = textAt(image, "version");
  const oldVersion = textAt(before, "machine", "image", "version");
  const inPlace = isInPlace(pool);
  const entries = mapsAt(context.profile, "machineImages")
    .filter((one) => one.name === name)
    .flatMap((one) => mapsAt(one, "versions"));
  const fits = {
    architecture: (entry: JsonMap) => architecturesOf(entry, context.profile).includes(architecture),
    // Expired ones are no way down, and none for a new pool.
    active: (entry: JsonMap) =>
      isActive(entry, context.now) ||
      (!isNew &&
        classify(entry, context.now) === "expired" &&
        (compareVersions(text(entry.version), oldVersion) ?? -1) >= 0),
    inPlace: (entry: JsonMap) => !inPlace || takesInPlace(entry, isNew, oldVersion),
  };
  const valid = entries
    .filter((entry) => fits.architecture(entry) && fits.active(entry) && fits.inPlace(entry))
    .map((entry) => `${name}:${text(entry.version)}`)
    .sort();
  const entry = entries.find((one) => one.version === version);
  if (entry === undefined) return notSupported(`${path}.version`, version, valid);
  let detail = "";
  if (!fits.architecture(entry))
    detail += `does not support CPU architecture ${JSON.stringify(architecture)}, `;
  if (!fits.active(entry)) detail += "is expired, ";
  if (!fits.inPlace(entry)) {
    detail += isNew
      ? "does not support in-place updates, "
      : "cannot be in-place updated from the current version, ";
  }
  if (detail === "") return undefined;
  return invalidField(
    path,
    goImage(image),
    `machine image version '${name}:${version}' ${detail}supported machine image versions are: ${goList(valid)}`,
  );
}

function takesInPlace(entry: JsonMap, isNew: boolean, oldVersion: string): boolean {
  if (at(entry, "inPlaceUpdates", "supported") !== true) return false;
  if (isNew) return true;
  const minimum = textAt(entry, "inPlaceUpdates", "minVersionForUpdate");
  return minimum !== "" && (compareVersions(minimum, oldVersion) ?? 1) <= 0;
}

export function capabilities(
  context: AdmissionContext,
  pool: JsonMap,
  index: number,
): FieldError | undefined {
  if (mapsAt(context.profile, "machineCapabilities").length === 0) return undefined;
  const type = findMachineType(context.profile, textAt(pool, "machine", "type"));
  const entry = imageVersion(context, pool);
  if (type === undefined || entry === undefined || flavorsServe(type, entry, context.profile))
    return undefined;
  const name = textAt(pool, "machine", "image", "name");
  const version = textAt(pool, "machine", "image", "version");
  return invalidField(
    `${poolPath(index)}.machine.image.version`,
    version,
    `machine capabilities ${goMap(type.capabilities)} of machine type ${JSON.stringify(text(type.name))} are not supported by machine image ${name}:${version}`,
  );
}

function goMap(value: Json | undefined): string {
  const entries = isMap(value) ? Object.entries(value) : [];
  return `map[${entries.map(([key, values]) => `${key}:${goList(list(values).map(String))}`).join(" ")}]`;
}

export function cri(context: AdmissionContext, pool: JsonMap, index: number): FieldError[] {
  const before = findPool(context.old, textAt(pool, "name"));
  const unchanged =
    before !== undefined &&
    equal(pool.cri, before.cri) &&
    equal(at(pool, "machine", "image"), at(before, "machine", "image"));
  const entry = imageVersion(context, pool);
  if (pool.cri === undefined || unchanged || entry === undefined) return [];
  const path = `${poolPath(index)}.cri`;
  const wanted = textAt(pool, "cri", "name");
  const image = `machine image '${textAt(pool, "machine", "image", "name")}@${textAt(pool, "machine", "image", "version")}'`;
  const offered = mapsAt(entry, "cri");
  const found = offered.find((one) => one.name === wanted);
  if (found === undefined) {
    const names = goList(offered.map((one) => text(one.name)));
    return [
      invalidField(
        `${path}.name`,
        wanted,
        `${image} does not support CRI '${wanted}', supported values: ${names}`,
      ),
    ];
  }
  const runtimes = mapsAt(found, "containerRuntimes").map((one) => text(one.type));
  return mapsAt(pool, "cri", "containerRuntimes").flatMap((one, place) => {
    const type = text(one.type);
    return runtimes.includes(type)
      ? []
      : [
          invalidField(
            `${path}.containerRuntimes[${String(place)}].type`,
            type,
            `${image} does not support container runtime '${type}', supported values: ${goList(runtimes)}`,
          ),
        ];
  });
}

/** Asked at every update: a new Kubernetes version can leave an untouched image behind. */
export function kubelet(context: AdmissionContext, pool: JsonMap, index: number): FieldError | undefined {
  const constraint = text(imageVersion(context, pool)?.kubeletVersionConstraint);
  const version = effectiveVersion(context.shoot, pool);
  if (constraint === "" || satisfiesConstraint(version, constraint)) return undefined;
  const image = at(pool, "machine", "image");
  return invalidField(
    `${poolPath(index)}.machine.image`,
    goImage(image),
    `machine image '${textAt(image, "name")}@${textAt(image, "version")}' does not support kubelet version '${version}', supported kubelet versions by this machine image version: '${constraint}'`,
  );
}

function imageVersion(context: AdmissionContext, pool: JsonMap): JsonMap | undefined {
  return mapsAt(context.profile, "machineImages")
    .filter((one) => one.name === textAt(pool, "machine", "image", "name"))
    .flatMap((one) => mapsAt(one, "versions"))
    .find((one) => one.version === textAt(pool, "machine", "image", "version"));
}

export function machineType(context: AdmissionContext, pool: JsonMap, index: number): FieldError | undefined {
  const path = `${poolPath(index)}.machine`;
  const architecture = textAt(pool, "machine", "architecture");
  const architectures = ["amd64", "arm64"];
  if (architecture !== "" && !architectures.includes(architecture)) {
    return notSupported(`${path}.architecture`, architecture, architectures);
  }
  const type = textAt(pool, "machine", "type");
  const before = findPool(context.old, textAt(pool, "name"));
  if (
    type === textAt(before, "machine", "type") &&
    architecture === textAt(before, "machine", "architecture")
  ) {
    return undefined;
  }
  const types = mapsAt(context.profile, "machineTypes");
  const suits = (one: JsonMap) => architecturesOf(one, context.profile).includes(architecture);
  const usable = (one: JsonMap) => one.usable !== false;
  const names = types
    .filter((one) => suits(one) && usable(one))
    .map((one) => text(one.name))
    .sort();
  const found = types.find((one) => one.name === type);
  if (found === undefined) return notSupported(`${path}.type`, type, names);
  let detail = "";
  if (!usable(found)) detail += "is unusable, ";
  if (!suits(found)) detail += `does not support CPU architecture ${JSON.stringify(architecture)}, `;
  if (detail === "") return undefined;
  return invalidField(
    `${path}.type`,
    type,
    `machine type ${JSON.stringify(type)} ${detail}supported types are ${goList(names)}`,
  );
}

export function zones(context: AdmissionContext, pool: JsonMap, index: number): FieldError[] {
  const before = findPool(context.old, textAt(pool, "name"));
  if (before !== undefined && equal(before.zones, pool.zones)) return [];
  const region = mapsAt(context.profile, "regions").find(
    (one) => one.name === textAt(context.shoot, "spec", "region"),
  );
  const known = mapsAt(region, "zones").map((zone) => text(zone.name));
  return textsAt(pool, "zones").flatMap((zone, place) =>
    known.includes(zone) || textsAt(before, "zones").includes(zone)
      ? []
      : [notSupported(`${poolPath(index)}.zones[${String(place)}]`, zone, known)],
  );
}
