/** Static validation of Shoots, in Gardener's order: the order of the causes in a refusal. */
import { at, equal, isMap, type Json, type JsonMap, map, textAt } from "../../json";
import { controlPlaneVersion, isBeingDeleted, pools, poolPath, type UpdateContext } from "../context";
import type { FieldErrors } from "../field";
import { removedFields } from "../removals";
import { atLeast, parseVersion } from "../versions";
import { versionUpdate } from "./kubernetesversion";
import { validateOperations } from "./operations";
import { pendingInPlace, validateNewPool, validatePools, validatePoolUpdates } from "./pools";

const PURPOSES = ["development", "evaluation", "production", "testing"];
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function validateShoot(errors: FieldErrors, shoot: JsonMap, gates: readonly string[]): void {
  validateObject(errors, shoot);
  pools(shoot).forEach((pool, index) => validateNewPool(errors, pool, poolPath(index), gates));
}

export function validateShootUpdate(errors: FieldErrors, context: UpdateContext): void {
  const { shoot, old } = context;
  // Kubernetes' library validates the new object and the change, and so does Gardener; it shows in the causes.
  for (let times = 0; times < 3; times += 1) validateLabels(errors, shoot);
  if (isBeingDeleted(shoot) && !equal(shoot.spec, old.spec)) {
    const changes = differences(shoot.spec, old.spec).join(",");
    const detail = "cannot update shoot spec if deletion timestamp is set. Requested changes";
    errors.forbidden("spec", `${detail}: ${changes}`);
  } else validateChange(errors, context);
  validateObject(errors, shoot);
  pendingInPlace(errors, context);
}

/** As `github.com/go-test/deep` prints them: Go's names of the fields, the new value first. */
function differences(now: Json | undefined, before: Json | undefined, path = ""): string[] {
  if (equal(now, before)) return [];
  if (isMap(now) && isMap(before)) {
    return Object.keys({ ...now, ...before }).flatMap((key) => {
      const name = key.charAt(0).toUpperCase() + key.slice(1);
      return differences(now[key], before[key], path === "" ? name : `${path}.${name}`);
    });
  }
  const [to, from] = [now, before].map((value) =>
    typeof value === "object" ? JSON.stringify(value) : String(value ?? "<nil pointer>"),
  );
  return [`${path}: ${to ?? ""} != ${from ?? ""}`];
}

function validateChange(errors: FieldErrors, context: UpdateContext): void {
  const { shoot, old } = context;
  const immutable = (...path: string[]) => {
    const value = at(shoot, "spec", ...path);
    if (value !== at(old, "spec", ...path)) errors.immutable(["spec", ...path].join("."), value);
  };
  immutable("region");
  cloudProfileReference(errors, shoot);
  const binding = textAt(shoot, "spec", "credentialsBindingName");
  if (textAt(old, "spec", "credentialsBindingName") !== "" && binding === "") {
    errors.forbidden("spec.credentialsBindingName", "the field cannot be unset");
  }
  if (at(shoot, "spec", "secretBindingName") !== undefined || binding === "") immutable("secretBindingName");
  const field = "spec.kubernetes.version";
  versionUpdate(errors, controlPlaneVersion(shoot), controlPlaneVersion(old), false, field);
  const [before, after] = [old, shoot].map((one) => pools(one).length > 0);
  if (before !== after) {
    const [from, to] = before
      ? ["Shoot with workers", "workerless Shoot"]
      : ["workerless Shoot", "Shoot with workers"];
    errors.forbidden("spec.provider.workers", `cannot switch from a ${from} to a ${to}`);
    return;
  }
  immutable("provider", "type");
  validatePoolUpdates(errors, context);
}

function validateObject(errors: FieldErrors, shoot: JsonMap): void {
  const requireValue = (detail: string, ...path: string[]) => {
    if (textAt(shoot, "spec", ...path) === "") errors.required(["spec", ...path].join("."), detail);
  };
  validateLabels(errors, shoot);
  const name = textAt(shoot, "metadata", "name");
  if (name.includes("--")) {
    errors.invalid("metadata.name", name, "name may not contain two consecutive hyphens");
  }
  validateOperations(errors, shoot);
  cloudProfileReference(errors, shoot);
  requireValue("must specify a provider type", "provider", "type");
  if (pools(shoot).length > 0) {
    validatePools(errors, shoot);
    requireValue("kubernetes version is required", "kubernetes", "version");
    const version = controlPlaneVersion(shoot);
    if (version !== "" && parseVersion(version) === undefined) {
      errors.invalid("spec.kubernetes.version", version, "invalid semantic version");
    }
    removedFields(errors, shoot);
    requireValue("networking type must be provided", "networking", "type");
  }
  requireValue("must specify a region", "region");
  if (pools(shoot).length > 0) credentials(errors, shoot);
  const purpose = textAt(shoot, "spec", "purpose");
  if (purpose !== "" && !PURPOSES.includes(purpose)) errors.notSupported("spec.purpose", purpose, PURPOSES);
}

/** Only the part after the slash: an extension's type is all that can be invalid here. */
function validateLabels(errors: FieldErrors, shoot: JsonMap): void {
  for (const key of Object.keys(map(at(shoot, "metadata", "labels")))) {
    const name = key.slice(key.indexOf("/") + 1);
    if (name === "") errors.invalid("metadata.labels", key, "name part must be non-empty");
    if (name.length > 63) {
      errors.invalid("metadata.labels", key, "name part must be no more than 63 bytes");
    }
    if (LABEL_NAME.test(name)) continue;
    errors.invalid(
      "metadata.labels",
      key,
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
        "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
  }
}

function cloudProfileReference(errors: FieldErrors, shoot: JsonMap): void {
  const legacy = textAt(shoot, "spec", "cloudProfileName");
  if (atLeast(controlPlaneVersion(shoot), "1.34") && legacy !== "") {
    errors.forbidden(
      "spec.cloudProfileName",
      "for Kubernetes version >= 1.34, cloudProfileName field is no longer supported, use spec.cloudProfile.name instead",
    );
  }
  const reference = at(shoot, "spec", "cloudProfile");
  if ((reference === undefined ? legacy : textAt(reference, "name")) === "") {
    errors.required("spec.cloudProfile.name", "must specify a cloud profile");
    return;
  }
  const kind = textAt(reference, "kind") || "CloudProfile";
  const kinds = ["CloudProfile", "NamespacedCloudProfile"];
  if (!kinds.includes(kind)) errors.notSupported("spec.cloudProfile.kind", kind, kinds);
}

function credentials(errors: FieldErrors, shoot: JsonMap): void {
  const field = "spec.secretBindingName";
  const secretBinding = textAt(shoot, "spec", "secretBindingName");
  const credentialsBinding = textAt(shoot, "spec", "credentialsBindingName");
  if (secretBinding === "" && credentialsBinding === "") {
    errors.required(field, "must be set when credentialsBindingName is not");
  } else if (secretBinding !== "" && credentialsBinding !== "") {
    errors.forbidden(field, "is incompatible with credentialsBindingName");
  }
  if (secretBinding === "" || !atLeast(controlPlaneVersion(shoot), "1.34")) return;
  errors.forbidden(
    field,
    "for Kubernetes versions >= 1.34, secretBindingName field is no longer supported, use spec.credentialsBindingName instead",
  );
}
