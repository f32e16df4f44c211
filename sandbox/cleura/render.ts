/** Shoots and CloudProfiles as Cleura shows them: keys are snake_case, and absent values are left out. */
import { type Json, type JsonMap, at, isMap, map, mapsAt, number, text, textAt, textsAt } from "../json";
import { cloudProfileNameOf } from "../strategy/defaults";

const DEFAULT_VOLUME_SIZE = "50Gi";
/** Where Gardener has no time. */
const EPOCH = "1970-01-01T00:00:00Z";
const DEFAULT_NODES = "10.250.0.0/16";
/** The sandbox's garden has neither. */
const FLOATING_POOL = "ext-net";
const LOAD_BALANCER = "amphora";

export function present(fields: Readonly<Record<string, Json | undefined>>): JsonMap {
  const kept: JsonMap = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") kept[key] = value;
  }
  return kept;
}

/** Texts of Gardener's object under Cleura's keys; "" for absent ones. */
function texts(given: Json | undefined, ...keys: readonly string[]): JsonMap {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(keys.map((key) => [snake(key), text(map(given)[key])]));
}

/** Labels and annotations as a list; undefined where there are none. */
function pairsOf(value: Json | undefined): Json | undefined {
  const pairs = Object.entries(map(value)).map(([key, entry]) => ({ key, value: text(entry) }));
  return pairs.length === 0 ? undefined : pairs;
}

/** Flattened, and without generations, resourceVersion or annotations. */
export function renderShoot(shoot: JsonMap, region: string): JsonMap {
  const spec = map(shoot.spec);
  const status = map(shoot.status);
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
    networking: { type: textAt(spec, "networking", "type") || "calico", nodes },
    shoot_provider: {
      type: textAt(spec, "provider", "type"),
      control_plane_config: { load_balancer_provider: LOAD_BALANCER },
      infrastructure_config: { floating_pool_name: FLOATING_POOL, networks: { workers: nodes } },
      workers: mapsAt(spec, "provider", "workers").map(worker),
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

function worker(given: JsonMap): JsonMap {
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
    labels: pairsOf(given.labels),
    annotations: pairsOf(given.annotations),
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

export function renderCloudProfile(profile: JsonMap): JsonMap {
  const spec = map(profile.spec);
  return {
    name: textAt(profile, "metadata", "name"),
    type: text(spec.type),
    kubernetes: { versions: mapsAt(spec, "kubernetes", "versions").map(version) },
    machine_images: mapsAt(spec, "machineImages").map((image) => ({
      name: text(image.name),
      update_strategy: text(image.updateStrategy) || "major",
      versions: mapsAt(image, "versions").map((one) => ({
        ...version(one),
        architectures: textsAt(one, "architectures"),
        cri: mapsAt(one, "cri").map((cri) => texts(cri, "name")),
      })),
    })),
    machine_types: mapsAt(spec, "machineTypes").map((type) => ({
      ...texts(type, "name", "memory"),
      cpu: whole(type.cpu),
      gpu: whole(type.gpu),
      architecture: text(type.architecture) || "amd64",
      usable: type.usable !== false,
    })),
    // OpenStack's, of which the sandbox's garden has nothing.
    provider_config: {
      constraints: {
        floating_pools: [{ name: FLOATING_POOL }],
        load_balancer_providers: [{ name: LOAD_BALANCER }],
      },
      dns_servers: [],
      keystone_urls: [],
      machine_images: [],
      server_group_policies: [],
    },
    regions: mapsAt(spec, "regions").map((region) => ({
      name: text(region.name),
      zones: mapsAt(region, "zones").map((zone) => texts(zone, "name")),
    })),
    volume_types: [],
  };
}

/** A whole quantity, which Gardener writes as a text. */
function whole(quantity: Json | undefined): number {
  return number(quantity) ?? (Number.parseInt(text(quantity), 10) || 0);
}

/** Expired ones are in the list; clients compare dates. */
function version(given: JsonMap): JsonMap {
  return present(texts(given, "version", "classification", "expirationDate"));
}
