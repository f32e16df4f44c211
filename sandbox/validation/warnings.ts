/** Warnings that go with an accepted Shoot (`pkg/api/core/shoot/warnings.go`). */
import { at, type JsonMap, textAt } from "../json";
import { controlPlaneVersion } from "./context";
import { atLeast } from "./versions";

export function shootWarnings(shoot: JsonMap): string[] {
  const warnings: string[] = [];
  if (at(shoot, "spec", "kubernetes", "kubeControllerManager", "podEvictionTimeout") !== undefined) {
    warnings.push(
      "you are setting the spec.kubernetes.kubeControllerManager.podEvictionTimeout field. The field does not have effect since Kubernetes 1.13 and is forbidden to be set starting from Kubernetes 1.33. Instead, use the spec.kubernetes.kubeAPIServer.(defaultNotReadyTolerationSeconds/defaultUnreachableTolerationSeconds) fields.",
    );
  }
  if (atLeast(controlPlaneVersion(shoot), "1.33") && textAt(shoot, "spec", "cloudProfileName") !== "") {
    warnings.push(
      "you are setting the spec.cloudProfileName field. The field is deprecated and will be forcefully set empty starting with Kubernetes 1.34. Use the new spec.cloudProfile.name field instead.",
    );
  }
  if (at(shoot, "spec", "addons") !== undefined) {
    warnings.push(
      "you are setting the spec.addons field. The field is deprecated and will be forbidden starting with Kubernetes 1.35.",
    );
  }
  if (textAt(shoot, "spec", "secretBindingName") !== "") {
    warnings.push(
      "spec.secretBindingName is deprecated and will be disallowed starting with Kubernetes 1.34. For migration instructions, see: https://github.com/gardener/gardener/blob/master/docs/usage/shoot-operations/secretbinding-to-credentialsbinding-migration.md",
    );
  }
  return warnings;
}
