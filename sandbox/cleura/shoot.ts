/** A Shoot as Cleura shows it: flattened, and without generations, resourceVersion or annotations. */
import { type Json, type JsonMap, at, isMap, map, mapsAt, number, text, textAt, textsAt } from "../json";
import { cloudProfileNameOf } from "../strategy/defaults";
import { type Labels, pairsOf, present } from "./shape";

const DEFAULT_VOLUME_SIZE = "50Gi";
/** Of what has none. */
const EPOCH = "1970-01-01T00:00:00Z";
const DEFAULT_NODES = "10.250.0.0/16";
/** The sandbox's garden has neither. */
export const FLOATING_POOL = "ext-net";
export const LOAD_BALANCER = "amphora";

export function renderShoot(shoot: JsonMap, region: string, labels: Labels): JsonMap {
  const spec = map(shoot.spec);
  const status = map(shoot.status);
  const failureTolerance = textAt(spec, "controlPlane", "highAvailability", "failureTolerance", "type");
  const schedules = mapsAt(spec, "hibernation", "schedules");
  const nodes = textAt(spec, "networking", "nodes") || DEFAULT_NODES;
  return present({
    name: textAt(shoot, "metadata", "name"),
    namespace: textAt(shoot, "metadata", "namespace"),
    uid: textAt(status, "uid"),
    technical_id: textAt(status, "technicalID"),
    region,
    purpose: text(spec.purpose) || "evaluation",
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
    networking: { type: textAt(spec, "networking", "type") || "calico", nodes },
    shoot_provider: {
      type: textAt(spec, "provider", "type"),
      control_plane_config: { load_balancer_provider: LOAD_BALANCER },
      infrastructure_config: { floating_pool_name: FLOATING_POOL, networks: { workers: nodes } },
      workers: mapsAt(spec, "provider", "workers").map((one) => worker(one, labels)),
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

function worker(given: JsonMap, labels: Labels): JsonMap {
  const taints = mapsAt(given, "taints").map(({ key, value, effect }) => ({
    key: text(key),
    value: text(value),
    effect: text(effect),
  }));
  const maximum = number(given.maximum) ?? 0;
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
    minimum: number(given.minimum) ?? 0,
    maximum,
    max_surge: count(given.maxSurge, maximum, Math.ceil) ?? 0,
    max_unavailable: count(given.maxUnavailable, maximum, Math.floor),
    volume: { size: volumeSizeOf(given) },
    zones: textsAt(given, "zones"),
    labels: pairsOf(given.labels, labels),
    annotations: pairsOf(given.annotations, labels),
    taints: taints.length === 0 ? undefined : taints,
  });
}

/** Cleura knows numbers only, Gardener shares such as "25%" as well. */
function count(
  value: Json | undefined,
  maximum: number,
  round: (value: number) => number,
): number | undefined {
  if (typeof value !== "string") return number(value);
  return round((Number.parseFloat(value) * maximum) / 100);
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
  return {
    type: text(given.type),
    state: text(given.state),
    progress: number(given.progress) ?? 0,
    description: text(given.description),
    last_update_time: text(given.lastUpdateTime),
  };
}

/** Without its times. */
function condition(given: JsonMap): JsonMap {
  return {
    type: text(given.type),
    status: text(given.status),
    reason: text(given.reason),
    message: text(given.message),
    codes: textsAt(given, "codes"),
  };
}

function lastError(given: JsonMap): JsonMap {
  return {
    task_id: text(given.taskID),
    description: text(given.description),
    codes: textsAt(given, "codes"),
    last_update_time: text(given.lastUpdateTime) || EPOCH,
  };
}
