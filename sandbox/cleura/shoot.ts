/** A Shoot as Cleura shows it: flattened, and without generations, resourceVersion or annotations. */
import { type Json, type JsonMap, at, isMap, map, mapsAt, number, text, textAt, textsAt } from "../json";
import { cloudProfileNameOf } from "../strategy/defaults";
import { type Labels, pairsOf, present, texts } from "./shape";

const DEFAULT_VOLUME_SIZE = "50Gi";
/** Where Gardener has no time. */
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
  const operation = status.lastOperation;
  return present({
    ...texts(shoot.metadata, "name", "namespace"),
    uid: text(status.uid),
    technical_id: text(status.technicalID),
    region,
    purpose: text(spec.purpose) || "evaluation",
    cloud_profile_name: cloudProfileNameOf(shoot)?.name,
    credentials_binding_name: text(spec.credentialsBindingName),
    kubernetes: present(texts(spec.kubernetes, "version")),
    maintenance: {
      auto_update: {
        kubernetes_version: at(spec, "maintenance", "autoUpdate", "kubernetesVersion") === true,
        machine_image_version: at(spec, "maintenance", "autoUpdate", "machineImageVersion") === true,
      },
      time_window: texts(at(spec, "maintenance", "timeWindow"), "begin", "end"),
    },
    hibernation:
      schedules.length === 0
        ? undefined
        : { schedules: schedules.map((one) => present(texts(one, "start", "end", "location"))) },
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
    last_operation: isMap(operation)
      ? {
          ...texts(operation, "type", "state", "description", "lastUpdateTime"),
          progress: number(operation.progress) ?? 0,
        }
      : undefined,
    status: {
      is_hibernated: status.hibernated === true,
      conditions: mapsAt(status, "conditions").map(condition),
      constraints: mapsAt(status, "constraints").map(condition),
      last_errors: mapsAt(status, "lastErrors").map((error) => ({
        task_id: text(error.taskID),
        description: text(error.description),
        codes: textsAt(error, "codes"),
        last_update_time: text(error.lastUpdateTime) || EPOCH,
      })),
    },
  });
}

/** Shown also where the Shoot leaves it to the machine type. */
export function volumeSizeOf(worker: JsonMap): string {
  return textAt(worker, "volume", "size") || DEFAULT_VOLUME_SIZE;
}

function worker(given: JsonMap, labels: Labels): JsonMap {
  const taints = mapsAt(given, "taints").map((taint) => texts(taint, "key", "value", "effect"));
  const maximum = number(given.maximum) ?? 0;
  return present({
    name: text(given.name),
    machine: present({
      ...texts(given.machine, "type", "architecture"),
      image: texts(at(given, "machine", "image"), "name", "version"),
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

/** Cleura supports numbers only, Gardener percentages such as "25%" as well. */
function count(
  value: Json | undefined,
  maximum: number,
  round: (value: number) => number,
): number | undefined {
  if (typeof value !== "string") return number(value);
  return round((Number.parseFloat(value) * maximum) / 100);
}

/** Without its times. */
function condition(given: JsonMap): JsonMap {
  return { ...texts(given, "type", "status", "reason", "message"), codes: textsAt(given, "codes") };
}
