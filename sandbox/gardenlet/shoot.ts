/** The parts of a Shoot that the gardenlet acts on. */
import type { ShootRef } from "../../provider/model/shoot";
import { at, type Json, type JsonMap, map, mapsAt, number, textAt, textsAt } from "../json";
import { textMap } from "../shoot/cluster";
import {
  annotationsOf,
  controlPlaneVersion,
  isBeingDeleted,
  isHibernated,
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

/** `shoot--<project>--<name>`; a project's namespace is `garden-<project>` unless it was chosen otherwise. */
function technicalID(ref: ShootRef): string {
  return `shoot--${ref.namespace.replace(/^garden-/, "")}--${ref.name}`;
}

function readPool(worker: JsonMap, controlPlaneVersion: string) {
  const image = at(worker, "machine", "image");
  return {
    name: textAt(worker, "name"),
    /** The pool's pin, else the control plane's version. */
    kubernetesVersion: textAt(worker, "kubernetes", "version") || controlPlaneVersion,
    image: { name: textAt(image, "name"), version: textAt(image, "version") },
    machineType: textAt(worker, "machine", "type"),
    /** Nothing scales in the sandbox: the desired size is the minimum. */
    desired: number(at(worker, "minimum")) ?? 0,
    maxSurge: amount(at(worker, "maxSurge")) ?? 1,
    maxUnavailable: amount(at(worker, "maxUnavailable")) ?? 0,
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
