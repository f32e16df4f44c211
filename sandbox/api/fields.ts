/** The fields that a Shoot knows, as far as a person would set them: what else comes is dropped with a warning. */
import { isMap, type Json, type JsonMap } from "../json";
import { type Resource, shoots } from "./resource";

/** `true`: anything below; a list's items have the fields that stand there. */
type Known = true | KnownFields;
interface KnownFields {
  readonly [key: string]: Known;
}

const anything = (...keys: readonly string[]): KnownFields =>
  Object.fromEntries(keys.map((key) => [key, true]));

const WORKER: Known = {
  ...anything(
    "annotations",
    "caBundle",
    "labels",
    "name",
    "maximum",
    "minimum",
    "maxSurge",
    "maxUnavailable",
  ),
  ...anything("providerConfig", "taints", "dataVolumes", "kubeletDataVolumeName", "zones", "sysctls"),
  ...anything("clusterAutoscaler", "priority", "updateStrategy", "controlPlane"),
  cri: { name: true, containerRuntimes: { type: true, providerConfig: true } },
  kubernetes: { kubelet: true, version: true },
  machine: { type: true, architecture: true, image: anything("name", "providerConfig", "version") },
  machineControllerManager: anything(
    "machineDrainTimeout",
    "machineHealthTimeout",
    "machineCreationTimeout",
    "maxEvictRetries",
    "nodeConditions",
    "machineInPlaceUpdateTimeout",
    "disableHealthTimeout",
    "autoPreserveFailedMachineMax",
    "machinePreserveTimeout",
  ),
  systemComponents: { allow: true },
  volume: anything("name", "type", "size", "encrypted"),
};

const SHOOT: Known = {
  ...anything("apiVersion", "kind", "metadata", "status"),
  spec: {
    ...anything("addons", "cloudProfileName", "dns", "extensions", "monitoring", "purpose", "region"),
    ...anything(
      "secretBindingName",
      "seedName",
      "seedSelector",
      "resources",
      "tolerations",
      "exposureClassName",
    ),
    ...anything(
      "systemComponents",
      "controlPlane",
      "schedulerName",
      "credentialsBindingName",
      "accessRestrictions",
    ),
    cloudProfile: { kind: true, name: true },
    hibernation: { enabled: true, schedules: anything("start", "end", "location") },
    kubernetes: anything(
      ...["allowPrivilegedContainers", "clusterAutoscaler", "kubeAPIServer", "kubeControllerManager"],
      ...["kubeScheduler", "kubeProxy", "kubelet", "version", "verticalPodAutoscaler"],
      ...["enableStaticTokenKubeconfig", "etcd"],
    ),
    networking: anything("type", "providerConfig", "pods", "nodes", "services", "ipFamilies"),
    maintenance: {
      autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
      autoRotation: true,
      timeWindow: { begin: true, end: true },
      confineSpecUpdateRollout: true,
    },
    provider: {
      ...anything("type", "controlPlaneConfig", "infrastructureConfig", "workersSettings"),
      workers: WORKER,
    },
  },
};

/** Takes the unknown fields off, and says which they were. */
export function dropUnknown(resource: Resource, object: JsonMap): string[] {
  const unknown: string[] = [];
  if (resource === shoots) prune(object, SHOOT, "", unknown);
  return unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
}

function prune(value: Json | undefined, known: Known, path: string, unknown: string[]): void {
  if (known === true) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      prune(item, known, `${path}[${String(index)}]`, unknown);
    });
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) {
      const place = path === "" ? key : `${path}.${key}`;
      const below = known[key];
      if (below !== undefined) prune(value[key], below, place, unknown);
      else {
        unknown.push(place);
        delete value[key];
      }
    }
  }
}
