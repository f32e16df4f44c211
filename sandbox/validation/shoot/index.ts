/** Static validation of Shoots, in Gardener's order: the order of the causes in a refusal. */
import { at, type JsonMap, textAt } from "../../json";
import { controlPlaneVersion, type UpdateContext } from "../context";
import { pools, poolPath } from "../context";
import { type FieldError, forbiddenField, immutable, invalidField, notSupported, required } from "../field";
import { parseVersion } from "../versions";
import { changedWhileDeleted } from "./deletion";
import { controlPlaneUpdate, poolUpdates } from "./kubernetesversion";
import { maintenance } from "./maintenance";
import { operations } from "./operations";
import { validLabels } from "./labels";
import { inPlaceImages, newPool, pendingInPlace, poolChanges, validPools } from "./pools";
import { cloudProfileReference, credentials, credentialsUpdate } from "./references";
import { removedFields } from "./removedfields";
import { workerless } from "./workerless";

const PURPOSES = ["development", "evaluation", "production", "testing"];

export function validateShoot(shoot: JsonMap, gates: readonly string[]): FieldError[] {
  return [
    ...validShoot(shoot),
    ...pools(shoot).flatMap((pool, index) => newPool(pool, poolPath(index), gates)),
  ];
}

export function validateShootUpdate(context: UpdateContext): FieldError[] {
  const whileDeleted = changedWhileDeleted(context);
  const labels = validLabels(context.shoot);
  return [
    // Kubernetes' library looks at the new object and at the change, and so does Gardener; it shows in the causes.
    ...labels,
    ...labels,
    ...labels,
    ...(whileDeleted.length > 0 ? whileDeleted : changes(context)),
    ...validShoot(context.shoot),
    ...pendingInPlace(context),
  ];
}

function changes(context: UpdateContext): FieldError[] {
  const { shoot, old } = context;
  const errors: FieldError[] = [];
  const region = at(shoot, "spec", "region");
  if (region !== at(old, "spec", "region")) errors.push(immutable("spec.region", region));
  errors.push(...cloudProfileReference(shoot), ...credentialsUpdate(context), ...controlPlaneUpdate(context));
  const before = pools(old).length > 0;
  const after = pools(shoot).length > 0;
  if (before !== after) {
    const what = before
      ? "cannot switch from a Shoot with workers to a workerless Shoot"
      : "cannot switch from a workerless Shoot to a Shoot with workers";
    return [...errors, forbiddenField("spec.provider.workers", what)];
  }
  const type = at(shoot, "spec", "provider", "type");
  if (type !== at(old, "spec", "provider", "type")) errors.push(immutable("spec.provider.type", type));
  const images = inPlaceImages(context);
  const updates = poolUpdates(context).flatMap((versions, index) => [...versions, ...(images[index] ?? [])]);
  return [...errors, ...poolChanges(context), ...updates];
}

function validShoot(shoot: JsonMap): FieldError[] {
  return [
    ...validLabels(shoot),
    ...name(shoot),
    ...operations(shoot),
    ...cloudProfileReference(shoot),
    ...provider(shoot),
    ...(pools(shoot).length === 0 ? workerless(shoot) : nodes(shoot)),
    ...maintenance(shoot),
    ...region(shoot),
    ...credentials(shoot),
    ...purpose(shoot),
  ];
}

function nodes(shoot: JsonMap): FieldError[] {
  return [...validPools(shoot), ...kubernetes(shoot), ...removedFields(shoot), ...networking(shoot)];
}

function name(shoot: JsonMap): FieldError[] {
  const value = textAt(shoot, "metadata", "name");
  return value.includes("--")
    ? [invalidField("metadata.name", value, "name may not contain two consecutive hyphens")]
    : [];
}

function provider(shoot: JsonMap): FieldError[] {
  return textAt(shoot, "spec", "provider", "type") === ""
    ? [required("spec.provider.type", "must specify a provider type")]
    : [];
}

function kubernetes(shoot: JsonMap): FieldError[] {
  const version = controlPlaneVersion(shoot);
  if (version === "") return [required("spec.kubernetes.version", "kubernetes version is required")];
  return parseVersion(version) === undefined
    ? [invalidField("spec.kubernetes.version", version, "invalid semantic version")]
    : [];
}

function networking(shoot: JsonMap): FieldError[] {
  return pools(shoot).length > 0 && textAt(shoot, "spec", "networking", "type") === ""
    ? [required("spec.networking.type", "networking type must be provided")]
    : [];
}

function region(shoot: JsonMap): FieldError[] {
  return textAt(shoot, "spec", "region") === "" ? [required("spec.region", "must specify a region")] : [];
}

function purpose(shoot: JsonMap): FieldError[] {
  const value = textAt(shoot, "spec", "purpose");
  const allowed =
    textAt(shoot, "metadata", "namespace") === "garden" ? [...PURPOSES, "infrastructure"].sort() : PURPOSES;
  return value === "" || allowed.includes(value) ? [] : [notSupported("spec.purpose", value, allowed)];
}
