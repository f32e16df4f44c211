/** What the ShootValidator admission plugin refuses, in its order. */
import { at, equal, type Json, type JsonMap, mapsAt, text, textAt } from "../json";
import {
  type AdmissionContext,
  controlPlaneVersion,
  effectiveVersion,
  findPool,
  isHibernated,
  isInPlace,
  poolPath,
  pools,
} from "./context";
import type { FieldErrors } from "./field";
import { architecturesOf, findImageVersion, supportsCri, takesInPlace } from "./machines";
import { classify, compareVersions, isActive, satisfiesConstraint } from "./versions";

/** A pool of the Shoot, and the same pool before the write. */
interface PoolContext extends AdmissionContext {
  readonly errors: FieldErrors;
  readonly pool: JsonMap;
  readonly before: JsonMap | undefined;
  readonly isNew: boolean;
  readonly path: string;
}

export function admitShoot(errors: FieldErrors, context: AdmissionContext): void {
  const { shoot, old } = context;
  const version = controlPlaneVersion(shoot);
  const creating = old.metadata === undefined;
  if (version !== controlPlaneVersion(old)) {
    checkOffered(errors, context, version, creating, "spec.kubernetes.version");
  }
  pools(shoot).forEach((pool, index) => {
    const before = findPool(old, textAt(pool, "name"));
    const isNew = creating || before === undefined;
    admitPool({ ...context, errors, pool, before, isNew, path: poolPath(index) });
  });
}

function admitPool(context: PoolContext): void {
  const { errors, pool, before, old, path } = context;
  const found = errors.all.length;
  const refused = () => errors.all.length > found;
  machineType(context);
  if (!refused()) machineImage(context);
  if (!refused()) {
    cri(context);
    kubelet(context);
  }
  const pin = textAt(pool, "kubernetes", "version");
  const earlier = textAt(before, "kubernetes", "version") || controlPlaneVersion(old);
  if (pin !== "" && pin !== earlier) {
    checkOffered(errors, context, pin, context.isNew, `${path}.kubernetes.version`);
  }
}

/** Expired versions remain available to existing Shoots: forced updates go through them one after the other. */
function checkOffered(
  errors: FieldErrors,
  { profile, now }: AdmissionContext,
  version: string,
  isNew: boolean,
  field: string,
): void {
  const offered = mapsAt(profile, "kubernetes", "versions").filter((entry) => !isNew || isActive(entry, now));
  if (offered.some((entry) => entry.version === version)) return;
  const names = offered.map(
    (entry) => `${text(entry.version)}${entry.classification === "preview" ? " (preview)" : ""}`,
  );
  errors.notSupported(field, version, names);
}

/** A shoot that could not wake up again must not be hibernated. */
export function hibernationPossible({ shoot, old }: AdmissionContext): string | undefined {
  if (isHibernated(old) || !isHibernated(shoot)) return undefined;
  const constraint = mapsAt(shoot, "status", "constraints").find((one) => one.type === "HibernationPossible");
  return constraint === undefined || constraint.status === "True"
    ? undefined
    : `'HibernationPossible' constraint is '${text(constraint.status)}': ${text(constraint.message)}`;
}

/** A Go slice of strings as `%v` prints it. */
const goList = (values: readonly string[]) => `[${values.join(" ")}]`;

const imageOf = (pool: JsonMap | undefined) => at(pool, "machine", "image");
const architectureOf = (pool: JsonMap | undefined) => textAt(pool, "machine", "architecture");

/** The image as Gardener's internal type is marshalled: it has no JSON names. */
function goImage(image: Json | undefined): Json {
  const providerConfig = at(image, "providerConfig") ?? null;
  return { Name: textAt(image, "name"), ProviderConfig: providerConfig, Version: textAt(image, "version") };
}

function machineType({ errors, profile, pool, before, path }: PoolContext): void {
  const architecture = architectureOf(pool);
  const type = textAt(pool, "machine", "type");
  if (type === textAt(before, "machine", "type") && architecture === architectureOf(before)) return;
  const types = mapsAt(profile, "machineTypes");
  const suits = (one: JsonMap) => architecturesOf(one).includes(architecture);
  const suitable = types.filter((one) => suits(one) && one.usable !== false).map((one) => text(one.name));
  const found = types.find((one) => one.name === type);
  const field = `${path}.machine.type`;
  if (found === undefined) {
    errors.notSupported(field, type, suitable.sort());
    return;
  }
  const unusable = found.usable === false ? "is unusable, " : "";
  const unsuited = suits(found) ? "" : `does not support CPU architecture ${JSON.stringify(architecture)}, `;
  if (unusable === "" && unsuited === "") return;
  const supported = `supported types are ${goList(suitable.sort())}`;
  errors.invalid(field, type, `machine type ${JSON.stringify(type)} ${unusable}${unsuited}${supported}`);
}

function machineImage({ errors, profile, now, pool, before, isNew, path }: PoolContext): void {
  const image = imageOf(pool);
  const architecture = architectureOf(pool);
  if (before !== undefined && equal(image, imageOf(before)) && architecture === architectureOf(before))
    return;
  const name = textAt(image, "name");
  const version = textAt(image, "version");
  const oldVersion = textAt(imageOf(before), "version");
  const entries = mapsAt(profile, "machineImages")
    .filter((one) => one.name === name)
    .flatMap((one) => mapsAt(one, "versions"));
  const suits = (entry: JsonMap) => architecturesOf(entry).includes(architecture);
  // Expired ones are allowed neither for a downgrade nor for a new pool.
  const active = (entry: JsonMap) =>
    isActive(entry, now) ||
    (!isNew &&
      classify(entry, now) === "expired" &&
      (compareVersions(text(entry.version), oldVersion) ?? -1) >= 0);
  const updates = (entry: JsonMap) =>
    !isInPlace(pool) ||
    (isNew ? at(entry, "inPlaceUpdates", "supported") === true : takesInPlace(entry, oldVersion));
  const valid = entries
    .filter((entry) => suits(entry) && active(entry) && updates(entry))
    .map((entry) => `${name}:${text(entry.version)}`)
    .sort();
  const entry = entries.find((one) => one.version === version);
  if (entry === undefined) {
    errors.notSupported(`${path}.machine.image.version`, version, valid);
    return;
  }
  const inPlace = isNew
    ? "does not support in-place updates, "
    : "cannot be in-place updated from the current version, ";
  const detail = [
    suits(entry) ? "" : `does not support CPU architecture ${JSON.stringify(architecture)}, `,
    active(entry) ? "" : "is expired, ",
    updates(entry) ? "" : inPlace,
  ].join("");
  if (detail === "") return;
  const supported = `supported machine image versions are: ${goList(valid)}`;
  const message = `machine image version '${name}:${version}' ${detail}${supported}`;
  errors.invalid(`${path}.machine.image`, goImage(image), message);
}

function cri({ errors, profile, pool, before, path }: PoolContext): void {
  const entry = findImageVersion(profile, imageOf(pool));
  const unchanged =
    before !== undefined && equal(pool.cri, before.cri) && equal(imageOf(pool), imageOf(before));
  if (pool.cri === undefined || unchanged || entry === undefined) return;
  const name = textAt(pool, "cri", "name");
  const image = `machine image '${textAt(imageOf(pool), "name")}@${textAt(imageOf(pool), "version")}'`;
  const offered = supportsCri(entry, name);
  if (offered === undefined) {
    const names = goList(mapsAt(entry, "cri").map((one) => text(one.name)));
    const detail = `${image} does not support CRI '${name}', supported values: ${names}`;
    errors.invalid(`${path}.cri.name`, name, detail);
    return;
  }
  mapsAt(pool, "cri", "containerRuntimes").forEach((one, index) => {
    const type = text(one.type);
    if (offered.includes(type)) return;
    const detail = `${image} does not support container runtime '${type}', supported values: ${goList(offered)}`;
    errors.invalid(`${path}.cri.containerRuntimes[${index}].type`, type, detail);
  });
}

/** Checked at every update: an unchanged image may not support a new Kubernetes version. */
function kubelet({ errors, profile, shoot, pool, path }: PoolContext): void {
  const image = imageOf(pool);
  const constraint = text(findImageVersion(profile, image)?.kubeletVersionConstraint);
  const version = effectiveVersion(shoot, pool);
  if (constraint === "" || satisfiesConstraint(version, constraint)) return;
  errors.invalid(
    `${path}.machine.image`,
    goImage(image),
    `machine image '${textAt(image, "name")}@${textAt(image, "version")}' does not support kubelet version '${version}', supported kubelet versions by this machine image version: '${constraint}'`,
  );
}
