/** Annotations after a maintenance. */
import { child, type JsonMap } from "../json";
import {
  annotationsOf,
  lastOperationState,
  MAINTENANCE_OPERATION,
  OPERATION,
  operationsOf,
} from "../validation/context";

export function isMaintenanceRequested(shoot: JsonMap): boolean {
  return operationsOf(annotationsOf(shoot), OPERATION).includes("maintain");
}

/** Sets the operation that starts the rollout; returns it where Gardener reports it. */
export function setOperation(shoot: JsonMap): string {
  const annotations = child(child(shoot, "metadata"), "annotations");
  if (isMaintenanceRequested(shoot)) delete annotations[OPERATION];
  const state = lastOperationState(shoot);
  if (state === "" || state === "Failed") return "";
  const queued = operationsOf(annotations, MAINTENANCE_OPERATION);
  const operation = [...new Set([...queued, "reconcile"])].join(";");
  annotations[OPERATION] = operation;
  delete annotations[MAINTENANCE_OPERATION];
  return operation === "reconcile" ? "" : operation;
}

/** As a merge patch. */
export const withoutOperation = { [OPERATION]: null };
