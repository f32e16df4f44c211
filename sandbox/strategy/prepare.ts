/** What becomes of a Shoot before it is stored (`pkg/apiserver/registry/core/shoot/strategy.go`). */
import { at, child, equal, type JsonMap, map, textAt } from "../json";
import {
  annotationsOf,
  controlPlaneVersion,
  isBeingDeleted,
  isConfined,
  isHibernated,
  lastOperationState,
  MAINTENANCE_OPERATION,
  OPERATION,
  operationsOf,
} from "../validation/context";
import { atLeast } from "../validation/versions";
import { emptyStatus } from "./defaults";

export function prepareForCreate(shoot: JsonMap): void {
  child(shoot, "metadata").generation = 1;
  shoot.status = emptyStatus();
  syncCloudProfile(shoot, undefined);
}

export function prepareForUpdate(shoot: JsonMap, old: JsonMap): void {
  shoot.status = map(old.status);
  const annotations = annotationsOf(shoot);
  for (const key of [OPERATION, MAINTENANCE_OPERATION]) {
    if (key in annotations) annotations[key] = [...new Set(operationsOf(annotations, key))].join(";");
  }
  const generation = Number(at(old, "metadata", "generation") ?? 1);
  const counts =
    specCounts(shoot, old) || (!isBeingDeleted(old) && isBeingDeleted(shoot)) || startOperation(shoot);
  child(shoot, "metadata").generation = counts ? generation + 1 : generation;
  syncCloudProfile(shoot, old);
}

/** A confined change waits for the maintenance window; only hibernation and waking up do not. */
function specCounts(shoot: JsonMap, old: JsonMap): boolean {
  return isConfined(shoot) ? isHibernated(old) !== isHibernated(shoot) : !equal(old.spec, shoot.spec);
}

/** Whether the annotation requests a reconciliation at once; removes the operations that are done by it. */
function startOperation(shoot: JsonMap): boolean {
  const state = lastOperationState(shoot);
  if (state === "") return false;
  const annotations = annotationsOf(shoot);
  if (state === "Failed") {
    if (annotations[OPERATION] !== "retry") return false;
    delete annotations[OPERATION];
    return true;
  }
  const operations = operationsOf(annotations, OPERATION);
  // The others are removed by gardenlet when it has done them.
  const remaining = operations.filter((operation) => operation !== "reconcile");
  if (remaining.length === 0) delete annotations[OPERATION];
  else annotations[OPERATION] = remaining.join(";");
  return operations.some((one) => /^(reconcile$|rollout-workers|rotate-)/.test(one));
}

/** Keeps `cloudProfileName` beside `cloudProfile` as long as the Shoot's Kubernetes version has it. */
function syncCloudProfile(shoot: JsonMap, old: JsonMap | undefined): void {
  if (isBeingDeleted(shoot)) return;
  const spec = child(shoot, "spec");
  const version = controlPlaneVersion(shoot);
  const legacy = textAt(spec, "cloudProfileName");
  const modern = atLeast(version, "1.34");
  if (spec.cloudProfile === undefined) return;
  const reference = child(spec, "cloudProfile");
  reference.kind ??= "CloudProfile";
  const name = textAt(reference, "name");
  if (reference.kind !== "CloudProfile") return;
  if (modern) {
    if (legacy === textAt(old, "spec", "cloudProfileName") && legacy === name) delete spec.cloudProfileName;
  } else if (!atLeast(version, "1.33") || (legacy !== "" && legacy !== name)) {
    spec.cloudProfileName = name;
  }
}
