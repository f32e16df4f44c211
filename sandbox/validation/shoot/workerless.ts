/** A Shoot without worker pools has nothing of what belongs to nodes. */
import { at, type JsonMap } from "../../json";
import { type FieldError, forbiddenField } from "../field";

const MESSAGE = "this field should not be set for workerless Shoot clusters";

/** In the order in which Gardener looks at them. */
const FIELDS = [
  "spec.provider.infrastructureConfig",
  "spec.provider.controlPlaneConfig",
  "spec.provider.workersSettings",
  "spec.addons",
  "spec.kubernetes.kubeControllerManager.nodeCIDRMaskSize",
  "spec.kubernetes.kubeControllerManager.podEvictionTimeout",
  "spec.kubernetes.kubeControllerManager.nodeMonitorGracePeriod",
  "spec.kubernetes.kubeScheduler",
  "spec.kubernetes.kubeProxy",
  "spec.kubernetes.kubelet",
  "spec.kubernetes.clusterAutoscaler",
  "spec.kubernetes.verticalPodAutoscaler",
  "spec.networking.type",
  "spec.networking.providerConfig",
  "spec.networking.pods",
  "spec.networking.nodes",
  "spec.maintenance.autoUpdate.machineImageVersion",
  "spec.secretBindingName",
  "spec.credentialsBindingName",
  "spec.systemComponents",
];

const ADDONS = "addons cannot be enabled for Workerless Shoot clusters";

/** Called differently in messages than in the object. */
const IN_MESSAGES: Readonly<Record<string, string>> = {
  "spec.kubernetes.verticalPodAutoscaler": "spec.kubernetes.verticalPodAutoScaler",
};

export function workerless(shoot: JsonMap): FieldError[] {
  return FIELDS.filter((field) => at(shoot, ...field.split(".")) !== undefined).map((field) =>
    forbiddenField(IN_MESSAGES[field] ?? field, field === "spec.addons" ? ADDONS : MESSAGE),
  );
}
