/** The CloudProfile and the credentials that a Shoot names. */
import { at, type JsonMap, textAt } from "../../json";
import { controlPlaneVersion, pools, type UpdateContext } from "../context";
import { type FieldError, forbiddenField, immutable, notSupported, required } from "../field";
import { atLeast } from "../versions";

export function cloudProfileReference(shoot: JsonMap): FieldError[] {
  const errors: FieldError[] = [];
  const legacy = textAt(shoot, "spec", "cloudProfileName");
  if (atLeast(controlPlaneVersion(shoot), "1.34") && legacy !== "") {
    errors.push(
      forbiddenField(
        "spec.cloudProfileName",
        "for Kubernetes version >= 1.34, cloudProfileName field is no longer supported, use spec.cloudProfile.name instead",
      ),
    );
  }
  const named =
    textAt(shoot, "spec", "cloudProfile", "name") || (at(shoot, "spec", "cloudProfile") ? "" : legacy);
  if (named === "") return [...errors, required("spec.cloudProfile.name", "must specify a cloud profile")];
  const kind = textAt(shoot, "spec", "cloudProfile", "kind") || "CloudProfile";
  const kinds = ["CloudProfile", "NamespacedCloudProfile"];
  if (!kinds.includes(kind)) errors.push(notSupported("spec.cloudProfile.kind", kind, kinds));
  return errors;
}

export function credentials(shoot: JsonMap): FieldError[] {
  if (pools(shoot).length === 0) return [];
  const field = "spec.secretBindingName";
  const secretBinding = textAt(shoot, "spec", "secretBindingName");
  const credentialsBinding = textAt(shoot, "spec", "credentialsBindingName");
  const errors: FieldError[] = [];
  if (secretBinding === "" && credentialsBinding === "") {
    errors.push(required(field, "must be set when credentialsBindingName is not"));
  } else if (secretBinding !== "" && credentialsBinding !== "") {
    errors.push(forbiddenField(field, "is incompatible with credentialsBindingName"));
  }
  if (secretBinding !== "" && atLeast(controlPlaneVersion(shoot), "1.34")) {
    errors.push(
      forbiddenField(
        field,
        "for Kubernetes versions >= 1.34, secretBindingName field is no longer supported, use spec.credentialsBindingName instead",
      ),
    );
  }
  return errors;
}

export function credentialsUpdate({ shoot, old }: UpdateContext): FieldError[] {
  const errors: FieldError[] = [];
  const bindingNow = textAt(shoot, "spec", "credentialsBindingName");
  if (textAt(old, "spec", "credentialsBindingName") !== "" && bindingNow === "") {
    errors.push(forbiddenField("spec.credentialsBindingName", "the field cannot be unset"));
  }
  const secretNow = at(shoot, "spec", "secretBindingName");
  const secretBefore = at(old, "spec", "secretBindingName");
  const migrates = secretBefore !== undefined && secretNow === undefined && bindingNow !== "";
  if (!migrates && secretNow !== secretBefore) errors.push(immutable("spec.secretBindingName", secretNow));
  return errors;
}
