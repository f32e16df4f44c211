/** The parts of a Shoot that the gardenlet acts on. */
import type { ShootRef, WorkerUpdateStrategy } from "../../provider/model/shoot";
import { at, type Json, type JsonMap, map, mapsAt, number, textAt, textsAt } from "../json";
import { textMap } from "../shoot/cluster";
import {
  annotationsOf,
  controlPlaneVersion,
  isBeingDeleted,
  isHibernated,
  OPERATION,
  operationsOf,
  pools,
} from "../validation/context";

export type GardenletShoot = ReturnType<typeof readShoot>;
export type Pool = ReturnType<typeof readPool>;
export type ObservedCondition = ReturnType<typeof readCondition>[number];

export function readShoot(value: JsonMap) {
  const ref: ShootRef = {
    namespace: textAt(value, "metadata", "namespace"),
    name: textAt(value, "metadata", "name"),
  };
  const kubernetesVersion = controlPlaneVersion(value);
  const operation = at(value, "status", "lastOperation");
  const state = textAt(operation, "state");
  return {
    ref,
    uid: textAt(value, "metadata", "uid"),
    generation: number(at(value, "metadata", "generation")) ?? 0,
    beingDeleted: isBeingDeleted(value),
    annotations: textMap(annotationsOf(value)),
    kubernetesVersion,
    pools: pools(value).map((worker) => readPool(worker, kubernetesVersion)),
    hibernationEnabled: isHibernated(value),
    technicalID: textAt(value, "status", "technicalID") || technicalID(ref),
    observedGeneration: number(at(value, "status", "observedGeneration")),
    lastOperation: state === "" ? undefined : { type: textAt(operation, "type") || "Reconcile", state },
    retrying: at(value, "status", "retryCycleStartTime") !== undefined,
    conditions: mapsAt(value, "status", "conditions").flatMap(readCondition),
  };
}

/** Operations of the annotation that the gardenlet itself handles; the API server and maintenance handle the others. */
export function requestedRollouts(shoot: GardenletShoot): readonly string[] {
  const pools = operations(shoot)
    .filter((operation) => operation.startsWith("rollout-workers="))
    .flatMap((operation) => operation.slice("rollout-workers=".length).split(","));
  return pools.includes("*") ? shoot.pools.map((pool) => pool.name) : pools;
}

/** The operation annotation without what the gardenlet handles; null removes it. */
export function remainingOperations(shoot: GardenletShoot) {
  const all = operations(shoot);
  const left = all.filter((operation) => !operation.startsWith("rollout-workers="));
  if (left.length === all.length) return undefined;
  return { [OPERATION]: left.length === 0 ? null : left.join(";") };
}

const operations = (shoot: GardenletShoot) => operationsOf(shoot.annotations, OPERATION);

/** `shoot--<project>--<name>`; a project's namespace is `garden-<project>` unless it was chosen otherwise. */
function technicalID(ref: ShootRef): string {
  return `shoot--${ref.namespace.replace(/^garden-/, "")}--${ref.name}`;
}

function readPool(worker: JsonMap, controlPlaneVersion: string) {
  const strategy = textAt(worker, "updateStrategy");
  const inPlace = strategy === "AutoInPlaceUpdate" || strategy === "ManualInPlaceUpdate";
  const updateStrategy: WorkerUpdateStrategy = inPlace ? strategy : "AutoRollingUpdate";
  const image = at(worker, "machine", "image");
  return {
    name: textAt(worker, "name"),
    /** The pool's pin, else the control plane's version. */
    kubernetesVersion: textAt(worker, "kubernetes", "version") || controlPlaneVersion,
    image: { name: textAt(image, "name"), version: textAt(image, "version") },
    machineType: textAt(worker, "machine", "type"),
    /** Nothing scales in the sandbox: the desired size is the minimum. */
    desired: number(at(worker, "minimum")) ?? 0,
    maxSurge: amount(at(worker, "maxSurge")) ?? (inPlace ? 0 : 1),
    maxUnavailable: amount(at(worker, "maxUnavailable")) ?? (inPlace ? 1 : 0),
    updateStrategy,
    zones: textsAt(worker, "zones"),
    labels: textMap(map(at(worker, "labels"))),
  };
}

function amount(value: Json | undefined): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

function readCondition(value: JsonMap) {
  const status = at(value, "status");
  if (status !== "True" && status !== "False" && status !== "Unknown" && status !== "Progressing") return [];
  const { type, reason, message } = textMap(value);
  const lastTransitionTime = textAt(value, "lastTransitionTime") || undefined;
  return [{ type: type ?? "", status, reason: reason ?? "", message: message ?? "", lastTransitionTime }];
}
