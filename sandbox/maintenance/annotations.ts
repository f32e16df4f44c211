/** Annotations as a maintenance leaves them. */
import { child, type JsonMap, map, text, textAt } from "../json";

const OPERATION = "gardener.cloud/operation";
const MAINTENANCE_OPERATION = "maintenance.gardener.cloud/operation";
const NEEDS_RETRY = "maintenance.shoot.gardener.cloud/needs-retry-operation";
const TASKS = "shoot.gardener.cloud/tasks";

const MAINTENANCE_TASKS = [
  "deployInfrastructure",
  "deployDNSRecordInternal",
  "deployDNSRecordExternal",
  "deployDNSRecordIngress",
];

export function asksForMaintenance(shoot: JsonMap): boolean {
  return split(textAt(shoot, "metadata", "annotations", OPERATION), ";").includes("maintain");
}

/** Changes the annotations to what sets the rollout off; returns the operation where it is worth a word. */
export function setOperation(shoot: JsonMap): string {
  const annotations = child(child(shoot, "metadata"), "annotations");
  if (asksForMaintenance(shoot)) delete annotations[OPERATION];
  const state = textAt(shoot, "status", "lastOperation", "state");
  if (state === "") return "";
  if (state === "Failed") {
    if (["1", "t", "T", "true", "TRUE", "True"].includes(text(annotations[NEEDS_RETRY]))) {
      annotations[OPERATION] = "retry";
      delete annotations[NEEDS_RETRY];
    }
    return "";
  }
  const queued = split(text(annotations[MAINTENANCE_OPERATION]), ";");
  const operation = [...queued, ...(queued.includes("reconcile") ? [] : ["reconcile"])].join(";");
  annotations[OPERATION] = operation;
  delete annotations[MAINTENANCE_OPERATION];
  return operation === "reconcile" ? "" : operation;
}

export function addTasks(shoot: JsonMap): void {
  const annotations = child(child(shoot, "metadata"), "annotations");
  const tasks = split(text(map(annotations)[TASKS]), ",");
  annotations[TASKS] = [...new Set([...tasks, ...MAINTENANCE_TASKS])].join(",");
}

/** As a merge patch. */
export const withoutOperation = { [OPERATION]: null };

function split(value: string, separator: string): string[] {
  return value.split(separator).filter((part) => part !== "");
}
