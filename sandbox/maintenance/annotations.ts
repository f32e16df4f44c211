/** Annotations after a maintenance. */
import { child, type JsonMap, text, textAt } from "../json";
import {
  annotationsOf,
  isTrue,
  lastOperationState,
  MAINTENANCE_OPERATION,
  OPERATION,
  operationsOf,
} from "../validation/context";

const NEEDS_RETRY = "maintenance.shoot.gardener.cloud/needs-retry-operation";
const TASKS = "shoot.gardener.cloud/tasks";
const MAINTENANCE_TASKS = [
  "Infrastructure",
  "DNSRecordInternal",
  "DNSRecordExternal",
  "DNSRecordIngress",
].map((name) => `deploy${name}`);

export function isMaintenanceRequested(shoot: JsonMap): boolean {
  return operationsOf(annotationsOf(shoot), OPERATION).includes("maintain");
}

/** Sets the operation that starts the rollout; returns it where Gardener reports it. */
export function setOperation(shoot: JsonMap): string {
  const annotations = child(child(shoot, "metadata"), "annotations");
  if (isMaintenanceRequested(shoot)) delete annotations[OPERATION];
  const state = lastOperationState(shoot);
  if (state === "Failed" && isTrue(text(annotations[NEEDS_RETRY]))) {
    annotations[OPERATION] = "retry";
    delete annotations[NEEDS_RETRY];
  }
  if (state === "" || state === "Failed") return "";
  const queued = operationsOf(annotations, MAINTENANCE_OPERATION);
  const operation = [...new Set([...queued, "reconcile"])].join(";");
  annotations[OPERATION] = operation;
  delete annotations[MAINTENANCE_OPERATION];
  return operation === "reconcile" ? "" : operation;
}

export function addTasks(shoot: JsonMap): void {
  const annotations = child(child(shoot, "metadata"), "annotations");
  const tasks = textAt(annotations, TASKS)
    .split(",")
    .filter((task) => task !== "");
  annotations[TASKS] = [...new Set([...tasks, ...MAINTENANCE_TASKS])].join(",");
}

/** As a merge patch. */
export const withoutOperation = { [OPERATION]: null };
