/**
 * Cleura's Shoot to the model's. It is flattened and has no generations, resourceVersion, annotations or
 * field managers: WriteGenerations counts our writes, and a digest of what a plan depends on is used as
 * the resourceVersion.
 */
import { createHash } from "node:crypto";
import {
  conditionStatuses,
  operationStates,
  operationTypes,
  type Condition,
  type LastOperation,
  type Maintenance,
  type Shoot,
} from "../../../model/shoot";
import { at, date, isAbsent, list, optionalBoolean, optionalText } from "../../field";
import { prose, root, text, unusable, type Field } from "../../field";
import { lenientNumber, requiredBoolean, requiredList, enumValue, enumValueOr } from "./required";
import { decodeWorker, decodeWorkerSettings, type WorkerSettings } from "./worker";

/** As the API shows it, without generations. */
export function decodeShoot(value: unknown): Shoot {
  const object = named(value);
  const status = at(object, "status");
  const lastOperation = decodeLastOperation(at(object, "last_operation"));
  const hibernated = optionalBoolean(at(status, "is_hibernated")) ?? false;
  const shoot = {
    ref: { namespace: text(at(object, "namespace")), name: text(at(object, "name")) },
    uid: decodeUid(at(object, "uid")),
    generation: 0,
    observedGeneration: 0,
    deletionTimestamp: deletionOf(lastOperation),
    annotations: {},
    cloudProfile: { kind: "CloudProfile" as const, name: text(at(object, "cloud_profile_name")) },
    region: text(at(object, "region")),
    purpose: optionalText(at(object, "purpose")),
    kubernetesVersion: text(at(object, "kubernetes", "version")),
    workers: requiredList(at(object, "shoot_provider", "workers")).map(decodeWorker),
    maintenance: decodeMaintenance(at(object, "maintenance")),
    hibernation: { enabled: hibernated, hibernated },
    lastOperation,
    lastErrors: list(at(status, "last_errors")).map((error) => ({
      description: prose(at(error, "description")),
      codes: list(at(error, "codes")).map(prose),
    })),
    conditions: list(at(status, "conditions")).map(decodeCondition),
    constraints: list(at(status, "constraints")).map(decodeCondition),
    advertisedAddresses: [],
  };
  return { ...shoot, resourceVersion: digestOf(shoot) };
}

/** What a change of the pool has to send; undefined without such a pool. */
export function decodePoolSettings(value: unknown, pool: string): WorkerSettings | undefined {
  const workers = requiredList(at(named(value), "shoot_provider", "workers"));
  const worker = workers.find((one) => at(one, "name").value === pool);
  return worker === undefined ? undefined : decodeWorkerSettings(worker);
}

/** The object of that name in a list. The others are not decoded: a Shoot may just be being created. */
export function findNamed(value: unknown, description: string, name: string): unknown {
  return requiredList(root(description, value)).find((one) => at(one, "name").value === name)?.value;
}

export function namesIn(value: unknown, description: string): readonly string[] {
  return requiredList(root(description, value)).flatMap((one) => optionalText(at(one, "name")) ?? []);
}

export function objectsIn(value: unknown, description: string): readonly unknown[] {
  return requiredList(root(description, value)).map((one) => one.value);
}

function named(value: unknown): Field {
  return root(`Shoot ${text(at(root("A Shoot", value), "name"))}`, value);
}

/** Gardener's status.uid distinguishes a cluster from another one of the same name. */
function decodeUid(field: Field): string {
  if (isAbsent(field))
    throw unusable(field, "the cluster's uid, which Gardener gives at its first operation");
  return text(field);
}

/** The API does not show when the deletion was requested. */
function deletionOf(operation: LastOperation | undefined): Date | undefined {
  return operation?.type === "Delete" ? (operation.lastUpdateTime ?? new Date(0)) : undefined;
}

function decodeMaintenance(maintenance: Field): Maintenance {
  const automatic = at(maintenance, "auto_update");
  const window = at(maintenance, "time_window");
  const begin = optionalText(at(window, "begin"));
  const end = optionalText(at(window, "end"));
  return {
    autoUpdate: {
      kubernetesVersion: requiredBoolean(at(automatic, "kubernetes_version")),
      machineImageVersion: requiredBoolean(at(automatic, "machine_image_version")),
    },
    timeWindow: begin === undefined && end === undefined ? undefined : windowOf(window),
    confineSpecUpdateRollout: false,
  };
}

function windowOf(window: Field): Maintenance["timeWindow"] {
  return { begin: text(at(window, "begin")), end: text(at(window, "end")) };
}

function decodeLastOperation(operation: Field): LastOperation | undefined {
  if (isAbsent(operation)) return undefined;
  return {
    type: enumValue(at(operation, "type"), operationTypes),
    state: enumValue(at(operation, "state"), operationStates),
    progress: lenientNumber(at(operation, "progress")) ?? 0,
    description: prose(at(operation, "description")),
    // Without it no write could ever be seen observed by Gardener.
    lastUpdateTime: date(at(operation, "last_update_time")),
  };
}

function decodeCondition(condition: Field): Condition {
  return {
    type: prose(at(condition, "type")),
    status: enumValueOr(at(condition, "status"), conditionStatuses, "Unknown"),
    reason: prose(at(condition, "reason")),
    message: prose(at(condition, "message")),
  };
}

/** Changes with what a plan depends on: versions, pools, and an operation that begins or ends. */
function digestOf(shoot: Pick<Shoot, "uid" | "kubernetesVersion" | "workers" | "lastOperation">): string {
  const { type, state, lastUpdateTime } = shoot.lastOperation ?? {};
  // A running operation's time changes with its progress, which no plan depends on.
  const ended = state === "Processing" || state === "Pending" ? undefined : lastUpdateTime?.toISOString();
  // The order of pools and zones differs from answer to answer.
  const workers = shoot.workers
    .map((pool) => ({ ...pool, zones: [...pool.zones].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const basis = [shoot.uid, shoot.kubernetesVersion, workers, type, state, ended];
  return createHash("sha256").update(JSON.stringify(basis)).digest("hex").slice(0, 16);
}
