/** Static validation of Shoots, in Gardener's order: the order of the causes in a refusal. */
import { at, equal, isMap, type Json, type JsonMap, map, textAt } from "../../json";
import { controlPlaneVersion, isBeingDeleted, pools, type UpdateContext } from "../context";
import type { FieldErrors } from "../field";
import { removedFields } from "../removals";
import { atLeast } from "../versions";
import { versionUpdate } from "./kubernetesversion";
import { validateOperations } from "./operations";
import { pendingInPlace, validatePools, validatePoolUpdates } from "./pools";

const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function validateShootUpdate(errors: FieldErrors, context: UpdateContext): void {
  const { shoot, old } = context;
  // Kubernetes' library validates the new object and the change, and so does Gardener; it shows in the causes.
  for (let times = 0; times < 3; times += 1) validateLabels(errors, shoot);
  if (isBeingDeleted(shoot) && !equal(shoot.spec, old.spec)) {
    const changes = differences(shoot.spec, old.spec).join(",");
    const detail = "cannot update shoot spec if deletion timestamp is set. Requested changes";
    errors.forbidden("spec", `${detail}: ${changes}`);
  } else validateChange(errors, context);
  validateShoot(errors, shoot);
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
  cloudProfileReference(errors, shoot);
  const field = "spec.kubernetes.version";
  versionUpdate(errors, controlPlaneVersion(shoot), controlPlaneVersion(old), false, field);
  validatePoolUpdates(errors, context);
}

export function validateShoot(errors: FieldErrors, shoot: JsonMap): void {
  validateLabels(errors, shoot);
  validateOperations(errors, shoot);
  cloudProfileReference(errors, shoot);
  if (pools(shoot).length > 0) {
    validatePools(errors, shoot);
    removedFields(errors, shoot);
    secretBinding(errors, shoot);
  }
}

/** Only the part after the slash: an extension's type is all that can be invalid here. */
function validateLabels(errors: FieldErrors, shoot: JsonMap): void {
  for (const key of Object.keys(map(at(shoot, "metadata", "labels")))) {
    const name = key.slice(key.indexOf("/") + 1);
    if (name === "") errors.invalid("metadata.labels", key, "name part must be non-empty");
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
}

function secretBinding(errors: FieldErrors, shoot: JsonMap): void {
  if (textAt(shoot, "spec", "secretBindingName") === "" || !atLeast(controlPlaneVersion(shoot), "1.34"))
    return;
  errors.forbidden(
    "spec.secretBindingName",
    "for Kubernetes versions >= 1.34, secretBindingName field is no longer supported, use spec.credentialsBindingName instead",
  );
}
