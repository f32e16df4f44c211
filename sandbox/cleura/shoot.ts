/** A Shoot as Cleura shows it: flattened, and without generations, resourceVersion or annotations. */
import {
  type Json,
  type JsonMap,
  at,
  clone,
  isMap,
  map,
  mapsAt,
  number,
  text,
  textAt,
  textsAt,
} from "../json";
import { cloudProfileNameOf } from "../strategy/defaults";
import { pairsOf, present } from "./shape";

const DEFAULT_VOLUME_SIZE = "50Gi";

export function renderShoot(shoot: JsonMap, region: string): JsonMap {
  const spec = map(shoot.spec);
  const status = map(shoot.status);
  const failureTolerance = textAt(spec, "controlPlane", "highAvailability", "failureTolerance", "type");
  const schedules = mapsAt(spec, "hibernation", "schedules");
  return present({
    name: textAt(shoot, "metadata", "name"),
    namespace: textAt(shoot, "metadata", "namespace"),
    uid: textAt(status, "uid"),
    technical_id: textAt(status, "technicalID"),
    region,
    purpose: text(spec.purpose),
    cloud_profile_name: cloudProfileNameOf(shoot)?.name,
    credentials_binding_name: text(spec.credentialsBindingName),
    kubernetes: present({
      version: textAt(spec, "kubernetes", "version"),
      enable_static_token_kubeconfig: at(spec, "kubernetes", "enableStaticTokenKubeconfig"),
    }),
    maintenance: maintenance(map(spec.maintenance)),
    hibernation: schedules.length === 0 ? undefined : { schedules: schedules.map(schedule) },
    control_plane:
      failureTolerance === ""
        ? undefined
        : { high_availability: { failure_tolerance: { type: failureTolerance } } },
    networking: present({
      type: textAt(spec, "networking", "type"),
      nodes: textAt(spec, "networking", "nodes"),
    }),
    shoot_provider: {
      type: textAt(spec, "provider", "type"),
      control_plane_config: { load_balancer_provider: "amphora" },
      infrastructure_config: { floating_pool_name: "ext-net" },
      workers: mapsAt(spec, "provider", "workers").map(worker),
    },
    last_operation: isMap(status.lastOperation) ? lastOperation(status.lastOperation) : undefined,
    status: {
      is_hibernated: status.hibernated === true,
      conditions: mapsAt(status, "conditions").map(condition),
      constraints: mapsAt(status, "constraints").map(condition),
      last_errors: mapsAt(status, "lastErrors").map(lastError),
    },
  });
}

/** As it is shown, also where the Shoot leaves it to the machine type. */
export function volumeSizeOf(worker: JsonMap): string {
  return textAt(worker, "volume", "size") || DEFAULT_VOLUME_SIZE;
}

function worker(given: JsonMap): JsonMap {
  const labels = pairsOf(given.labels);
  const annotations = pairsOf(given.annotations);
  const taints = mapsAt(given, "taints").map((taint) => clone(taint));
  return present({
    name: text(given.name),
    machine: present({
      type: textAt(given, "machine", "type"),
      architecture: textAt(given, "machine", "architecture"),
      image: {
        name: textAt(given, "machine", "image", "name"),
        version: textAt(given, "machine", "image", "version"),
      },
    }),
    minimum: given.minimum ?? 0,
    maximum: given.maximum ?? 0,
    max_surge: given.maxSurge ?? 0,
    max_unavailable: given.maxUnavailable,
    volume: { size: volumeSizeOf(given) },
    zones: textsAt(given, "zones"),
    labels: labels.length === 0 ? undefined : labels,
    annotations: annotations.length === 0 ? undefined : annotations,
    taints: taints.length === 0 ? undefined : taints,
  });
}

function maintenance(given: JsonMap): JsonMap {
  return {
    auto_update: {
      kubernetes_version: at(given, "autoUpdate", "kubernetesVersion") === true,
      machine_image_version: at(given, "autoUpdate", "machineImageVersion") === true,
    },
    time_window: {
      begin: textAt(given, "timeWindow", "begin"),
      end: textAt(given, "timeWindow", "end"),
    },
  };
}

function schedule(given: JsonMap): JsonMap {
  return present({ start: text(given.start), end: text(given.end), location: text(given.location) });
}

function lastOperation(given: JsonMap): JsonMap {
  return present({
    type: text(given.type),
    state: text(given.state),
    progress: number(given.progress) ?? 0,
    description: text(given.description),
    last_update_time: text(given.lastUpdateTime),
  });
}

function condition(given: JsonMap): JsonMap {
  return present({
    type: text(given.type),
    status: text(given.status),
    reason: text(given.reason),
    message: text(given.message),
    codes: codes(given),
    last_transition_time: text(given.lastTransitionTime),
    last_update_time: text(given.lastUpdateTime),
  });
}

function lastError(given: JsonMap): JsonMap {
  return present({
    task_id: text(given.taskID),
    description: text(given.description),
    codes: codes(given),
    last_update_time: text(given.lastUpdateTime),
  });
}

function codes(given: JsonMap): Json {
  return textsAt(given, "codes");
}
