/** Warnings that go with an accepted Shoot (`pkg/api/core/shoot/warnings.go`). */
import { at, type JsonMap, textAt } from "../json";
import { controlPlaneVersion } from "./context";
import { atLeast } from "./versions";

export function shootWarnings(shoot: JsonMap): string[] {
  const warnings: string[] = [];
  const has = (...path: string[]) => at(shoot, "spec", ...path) !== undefined;
  const names = (field: string) => textAt(shoot, "spec", field) !== "";
  const warn = (applies: boolean, message: string) => applies && warnings.push(message);
  warn(
    has("kubernetes", "kubeControllerManager", "podEvictionTimeout"),
    "you are setting the spec.kubernetes.kubeControllerManager.podEvictionTimeout field. The field does not have effect since Kubernetes 1.13 and is forbidden to be set starting from Kubernetes 1.33. Instead, use the spec.kubernetes.kubeAPIServer.(defaultNotReadyTolerationSeconds/defaultUnreachableTolerationSeconds) fields.",
  );
  warn(
    atLeast(controlPlaneVersion(shoot), "1.33") && names("cloudProfileName"),
    "you are setting the spec.cloudProfileName field. The field is deprecated and will be forcefully set empty starting with Kubernetes 1.34. Use the new spec.cloudProfile.name field instead.",
  );
  warn(
    has("addons"),
    "you are setting the spec.addons field. The field is deprecated and will be forbidden starting with Kubernetes 1.35.",
  );
  warn(
    names("secretBindingName"),
    "spec.secretBindingName is deprecated and will be disallowed starting with Kubernetes 1.34. For migration instructions, see: https://github.com/gardener/gardener/blob/master/docs/usage/shoot-operations/secretbinding-to-credentialsbinding-migration.md",
  );
  return warnings;
}
