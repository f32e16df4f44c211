/** The API's Shoot (core.gardener.cloud/v1beta1) to the model's. Defaults as in pkg/apis/core/v1beta1/defaults_shoot.go. */
import {
  conditionStatuses,
  operationStates,
  operationTypes,
  type CloudProfileRef,
  type Condition,
  type LastOperation,
  type Maintenance,
  type PendingRotation,
  type Networks,
  type Shoot,
} from "../../../model/shoot";
import {
  at,
  date,
  entries,
  isAbsent,
  list,
  oneOf,
  optionalBoolean,
  optionalDate,
  optionalNumber,
} from "../../field";
import { optionalText, prose, root, text, type Field } from "../../field";
import { decodeOwners } from "./owners";
import { decodeLimitedFields } from "./removals";
import { decodeWorker } from "./worker";

export function decodeShoot(value: unknown): Shoot {
  const bare = root("A Shoot", value);
  const ref = {
    namespace: text(at(bare, "metadata", "namespace")),
    name: text(at(bare, "metadata", "name")),
  };
  const object = root(`Shoot ${ref.namespace}/${ref.name}`, value);
  const metadata = at(object, "metadata");
  const spec = at(object, "spec");
  const status = at(object, "status");
  const workers = list(at(spec, "provider", "workers")).map(decodeWorker);
  return {
    ref,
    uid: text(at(metadata, "uid")),
    resourceVersion: text(at(metadata, "resourceVersion")),
    generation: optionalNumber(at(metadata, "generation")) ?? 0,
    observedGeneration: optionalNumber(at(status, "observedGeneration")),
    deletionTimestamp: optionalDate(at(metadata, "deletionTimestamp")),
    annotations: decodePairs(at(metadata, "annotations")),
    labels: decodePairs(at(metadata, "labels")),
    cloudProfile: decodeCloudProfileRef(spec),
    region: optionalText(at(spec, "region")),
    purpose: optionalText(at(spec, "purpose")),
    kubernetesVersion: text(at(spec, "kubernetes", "version")),
    workers,
    maintenance: decodeMaintenance(at(spec, "maintenance")),
    hibernation: {
      enabled: optionalBoolean(at(spec, "hibernation", "enabled")) ?? false,
      hibernated: optionalBoolean(at(status, "hibernated")) ?? false,
    },
    lastOperation: decodeLastOperation(at(status, "lastOperation")),
    lastErrors: list(at(status, "lastErrors")).map((error) => ({
      description: prose(at(error, "description")),
      codes: list(at(error, "codes")).map(prose),
    })),
    conditions: list(at(status, "conditions")).map(decodeCondition),
    constraints: list(at(status, "constraints")).map(decodeCondition),
    lastMaintenance: decodeLastMaintenance(at(status, "lastMaintenance")),
    owners: decodeOwners(
      at(metadata, "managedFields"),
      workers.map(({ name }) => name),
    ),
    pendingRotations: decodePendingRotations(at(status, "credentials", "rotation")),
    requestedRollouts: list(at(status, "manualWorkerPoolRollout", "pendingWorkersRollouts")).map((pool) =>
      text(at(pool, "name")),
    ),
    limitedFields: decodeLimitedFields(spec),
    networks: decodeNetworks(spec),
    gardenerVersion: optionalText(at(status, "gardener", "version")),
    advertisedAddresses: list(at(status, "advertisedAddresses")).map((address) => ({
      name: text(at(address, "name")),
      url: text(at(address, "url")),
    })),
  };
}

/** Gardener's default of the mask (pkg/apis/core/v1beta1/defaults_shoot.go). */
const NODE_CIDR_MASK_SIZE = 24;

function decodeNetworks(spec: Field): Networks {
  const networking = at(spec, "networking");
  return {
    nodes: optionalText(at(networking, "nodes")),
    pods: optionalText(at(networking, "pods")),
    nodeCidrMaskSize:
      optionalNumber(at(spec, "kubernetes", "kubeControllerManager", "nodeCIDRMaskSize")) ??
      NODE_CIDR_MASK_SIZE,
  };
}

function decodePairs(pairs: Field): Readonly<Record<string, string>> {
  return Object.fromEntries(entries(pairs).map(([key, field]) => [key, prose(field)]));
}

/** `spec.cloudProfileName` counts only where `spec.cloudProfile` is absent (pkg/utils/gardener/cloudprofile.go). */
function decodeCloudProfileRef(spec: Field): CloudProfileRef {
  const reference = at(spec, "cloudProfile");
  const legacy = optionalText(at(spec, "cloudProfileName"));
  if (isAbsent(reference) && legacy !== undefined) return { kind: "CloudProfile", name: legacy };
  const kind = at(reference, "kind");
  return {
    kind:
      optionalText(kind) === undefined
        ? "CloudProfile"
        : oneOf(kind, ["CloudProfile", "NamespacedCloudProfile"]),
    name: text(at(reference, "name")),
  };
}

function decodeMaintenance(maintenance: Field): Maintenance {
  const automatic = at(maintenance, "autoUpdate");
  const timeWindow = at(maintenance, "timeWindow");
  return {
    autoUpdate: {
      kubernetesVersion: optionalBoolean(at(automatic, "kubernetesVersion")) ?? true,
      machineImageVersion: optionalBoolean(at(automatic, "machineImageVersion")) ?? true,
    },
    timeWindow: isAbsent(timeWindow)
      ? undefined
      : { begin: text(at(timeWindow, "begin")), end: text(at(timeWindow, "end")) },
    confineSpecUpdateRollout: optionalBoolean(at(maintenance, "confineSpecUpdateRollout")) ?? false,
  };
}

function decodeLastOperation(operation: Field): LastOperation | undefined {
  if (isAbsent(operation)) return undefined;
  return {
    type: oneOf(at(operation, "type"), operationTypes),
    state: oneOf(at(operation, "state"), operationStates),
    progress: optionalNumber(at(operation, "progress")) ?? 0,
    description: prose(at(operation, "description")),
    lastUpdateTime: optionalDate(at(operation, "lastUpdateTime")),
  };
}

function decodeCondition(condition: Field): Condition {
  return {
    type: prose(at(condition, "type")),
    status: oneOf(at(condition, "status"), conditionStatuses),
    reason: prose(at(condition, "reason")),
    message: prose(at(condition, "message")),
  };
}

function decodePendingRotations(rotation: Field): NonNullable<Shoot["pendingRotations"]> {
  const pending = (credentials: PendingRotation["credentials"], key: string): readonly PendingRotation[] => {
    if (optionalText(at(rotation, key, "phase")) !== "WaitingForWorkersRollout") return [];
    const pools = list(at(rotation, key, "pendingWorkersRollouts")).map((pool) => text(at(pool, "name")));
    return [{ credentials, pools }];
  };
  return [
    ...pending("certificate authorities", "certificateAuthorities"),
    ...pending("service account key", "serviceAccountKey"),
  ];
}

function decodeLastMaintenance(maintenance: Field): Shoot["lastMaintenance"] {
  if (isAbsent(maintenance)) return undefined;
  const triggered = at(maintenance, "triggeredTime");
  return {
    description: prose(at(maintenance, "description")),
    triggeredTime: isAbsent(triggered) ? undefined : date(triggered),
    state: prose(at(maintenance, "state")),
  };
}
