/**
 * Cleura's Shoot to the model's. It is flattened and has no generations, resourceVersion,
 * annotations or field managers: the ledger counts our writes, and a digest of what a plan depends
 * on stands for the version.
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
import { lenientNumber, requiredBoolean, requiredList, wordOf, wordOr } from "./required";
import { decodeWorker, decodeWorkerSettings, type WorkerSettings } from "./worker";

/** As it is told; whether our writes are taken up is not in it. */
export function decodeShoot(value: unknown): Shoot {
  const object = named(value);
  const status = at(object, "status");
  const lastOperation = decodeLastOperation(at(object, "last_operation"));
  const hibernated = optionalBoolean(at(status, "is_hibernated")) ?? false;
  const response = {
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
  return { ...response, resourceVersion: digestOf(response) };
}

/** What a change of the pool has to send; undefined where there is no such pool. */
export function decodePoolSettings(value: unknown, pool: string): WorkerSettings | undefined {
  const workers = requiredList(at(named(value), "shoot_provider", "workers"));
  const worker = workers.find((one) => at(one, "name").value === pool);
  return worker === undefined ? undefined : decodeWorkerSettings(worker);
}

/** The one of that name in a list of Shoots. Others are not looked at: one may just be being created. */
export function findNamed(value: unknown, what: string, name: string): unknown {
  return requiredList(root(what, value)).find((one) => at(one, "name").value === name)?.value;
}

export function namesIn(value: unknown, what: string): readonly string[] {
  return requiredList(root(what, value)).flatMap((one) => optionalText(at(one, "name")) ?? []);
}

function named(value: unknown): Field {
  return root(`Shoot ${text(at(root("A Shoot", value), "name"))}`, value);
}

/** Gardener's status.uid: it is what tells a cluster from another one of the same name. */
function decodeUid(field: Field): string {
  if (isAbsent(field))
    throw unusable(field, "the cluster's uid, which Gardener gives at its first operation");
  return text(field);
}

/** When the deletion was asked for is not told. */
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
    type: wordOf(at(operation, "type"), operationTypes),
    state: wordOf(at(operation, "state"), operationStates),
    progress: lenientNumber(at(operation, "progress")) ?? 0,
    description: prose(at(operation, "description")),
    // Without it no write could ever be told to be taken up.
    lastUpdateTime: date(at(operation, "last_update_time")),
  };
}

function decodeCondition(condition: Field): Condition {
  return {
    type: prose(at(condition, "type")),
    status: wordOr(at(condition, "status"), conditionStatuses, "Unknown"),
    reason: prose(at(condition, "reason")),
    message: prose(at(condition, "message")),
  };
}

/** Moves with what a change is planned on: versions, pools, and an operation that begins or ends. */
function digestOf(shoot: Pick<Shoot, "uid" | "kubernetesVersion" | "workers" | "lastOperation">): string {
  const { type, state, lastUpdateTime } = shoot.lastOperation ?? {};
  // A running operation's time moves with its progress, which no plan depends on.
  const ended = state === "Processing" || state === "Pending" ? undefined : lastUpdateTime?.toISOString();
  // Cleura sorts pools and zones as it likes.
  const workers = shoot.workers
    .map((pool) => ({ ...pool, zones: [...pool.zones].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const basis = [shoot.uid, shoot.kubernetesVersion, workers, type, state, ended];
  return createHash("sha256").update(JSON.stringify(basis)).digest("hex").slice(0, 16);
}
