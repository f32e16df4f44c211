/** What becomes of a Shoot on its way into the store (`pkg/apiserver/registry/core/shoot/strategy.go`). */
import { at, child, equal, type JsonMap, map, textAt } from "../json";
import { MAINTENANCE_OPERATION, OPERATION, operationsOf } from "../validation/shoot/operations";
import { atLeast } from "../validation/versions";
import { emptyStatus } from "./defaults";

export function prepareForCreate(shoot: JsonMap): void {
  child(shoot, "metadata").generation = 1;
  shoot.status = emptyStatus();
  syncCloudProfile(shoot, undefined);
}

export function prepareForUpdate(shoot: JsonMap, old: JsonMap): void {
  const metadata = child(shoot, "metadata");
  shoot.status = map(old.status);
  cleanOperations(shoot);
  const generation = Number(at(old, "metadata", "generation") ?? 1);
  metadata.generation = mustIncreaseGeneration(shoot, old) ? generation + 1 : generation;
  syncCloudProfile(shoot, old);
}

/** Each operation once, without blanks. */
function cleanOperations(shoot: JsonMap): void {
  const annotations = at(shoot, "metadata", "annotations");
  for (const key of [OPERATION, MAINTENANCE_OPERATION]) {
    if (textAt(annotations, key) !== "")
      map(annotations)[key] = [...new Set(operationsOf(shoot, key))].join(";");
  }
}

function mustIncreaseGeneration(shoot: JsonMap, old: JsonMap): boolean {
  if (specCounts(shoot, old)) return true;
  const deleted = (one: JsonMap) => textAt(one, "metadata", "deletionTimestamp") !== "";
  if (!deleted(old) && deleted(shoot)) return true;
  return takeOperation(shoot);
}

/** A confined change waits for the maintenance window; only falling asleep and waking up do not. */
function specCounts(shoot: JsonMap, old: JsonMap): boolean {
  if (at(shoot, "spec", "maintenance", "confineSpecUpdateRollout") === true) {
    const sleeps = (one: JsonMap) => at(one, "spec", "hibernation", "enabled") === true;
    return sleeps(old) !== sleeps(shoot);
  }
  return !equal(old.spec, shoot.spec);
}

/** Whether the annotation asks for a run at once; takes off what is thereby done. */
function takeOperation(shoot: JsonMap): boolean {
  const state = textAt(shoot, "status", "lastOperation", "state");
  if (state === "") return false;
  const annotations = map(at(shoot, "metadata", "annotations"));
  if (state === "Failed") {
    if (annotations[OPERATION] !== "retry") return false;
    delete annotations[OPERATION];
    return true;
  }
  const operations = operationsOf(shoot, OPERATION);
  // gardenlet takes the others off, once it is done with them.
  const counted = (operation: string) =>
    operation === "reconcile" ||
    /^(rotate-rollout-workers|rollout-workers)/.test(operation) ||
    (operation.startsWith("rotate-") && operation !== "rotate-ssh-keypair") ||
    (operation === "rotate-ssh-keypair" && sshEnabled(shoot));
  const left = operations.filter(
    (operation) => operation !== "reconcile" && (operation !== "rotate-ssh-keypair" || sshEnabled(shoot)),
  );
  if (left.length === 0) delete annotations[OPERATION];
  else if (left.length !== operations.length) annotations[OPERATION] = left.join(";");
  return operations.some(counted);
}

const sshEnabled = (shoot: JsonMap) =>
  at(shoot, "spec", "provider", "workersSettings", "sshAccess", "enabled") === true;

/** Keeps `cloudProfileName` beside `cloudProfile` as long as the Shoot's Kubernetes version knows it. */
function syncCloudProfile(shoot: JsonMap, old: JsonMap | undefined): void {
  if (textAt(shoot, "metadata", "deletionTimestamp") !== "") return;
  const spec = child(shoot, "spec");
  const version = textAt(spec, "kubernetes", "version");
  const legacy = textAt(spec, "cloudProfileName");
  const modern = atLeast(version, "1.34");
  if (spec.cloudProfile === undefined && legacy !== "" && !modern) {
    spec.cloudProfile = { kind: "CloudProfile", name: legacy };
  }
  if (spec.cloudProfile === undefined) return;
  const reference = child(spec, "cloudProfile");
  reference.kind ??= "CloudProfile";
  const named = textAt(reference, "name");
  if (reference.kind !== "CloudProfile") {
    if (!modern) delete spec.cloudProfileName;
  } else if (modern) {
    if (legacy !== "" && legacy === textAt(old, "spec", "cloudProfileName") && legacy === named) {
      delete spec.cloudProfileName;
    }
  } else if (!atLeast(version, "1.33") || (legacy !== "" && legacy !== named)) {
    spec.cloudProfileName = named;
  }
}
