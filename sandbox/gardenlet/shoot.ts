/** The parts of a Shoot that the gardenlet acts on. */
import type { ConditionStatus, ShootRef, WorkerUpdateStrategy } from "../../provider/model/shoot";
import { at, type Json, type JsonMap, map, mapsAt, number, textAt, textsAt } from "../json";
import { textMap } from "../shoot/node";

export interface Pool {
  readonly name: string;
  /** The pool's pin, else the control plane's version. */
  readonly kubernetesVersion: string;
  readonly image: { readonly name: string; readonly version: string };
  readonly machineType: string;
  /** Nothing scales in the sandbox: the desired size is the minimum. */
  readonly desired: number;
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  readonly updateStrategy: WorkerUpdateStrategy;
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface ObservedCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string | undefined;
}

export interface GardenletShoot {
  readonly ref: ShootRef;
  readonly uid: string;
  readonly generation: number;
  readonly beingDeleted: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly kubernetesVersion: string;
  readonly pools: readonly Pool[];
  readonly hibernationEnabled: boolean;
  readonly technicalID: string;
  readonly observedGeneration: number | undefined;
  readonly lastOperation:
    { readonly type: string; readonly state: string; readonly progress: number } | undefined;
  readonly retrying: boolean;
  readonly conditions: readonly ObservedCondition[];
}

const OPERATION = "gardener.cloud/operation";

export function readShoot(value: JsonMap): GardenletShoot {
  const ref = {
    namespace: textAt(value, "metadata", "namespace"),
    name: textAt(value, "metadata", "name"),
  };
  const kubernetesVersion = textAt(value, "spec", "kubernetes", "version");
  const operation = at(value, "status", "lastOperation");
  const state = textAt(operation, "state");
  return {
    ref,
    uid: textAt(value, "metadata", "uid"),
    generation: number(at(value, "metadata", "generation")) ?? 0,
    beingDeleted: at(value, "metadata", "deletionTimestamp") !== undefined,
    annotations: textMap(map(at(value, "metadata", "annotations"))),
    kubernetesVersion,
    pools: mapsAt(value, "spec", "provider", "workers").map((worker) => readPool(worker, kubernetesVersion)),
    hibernationEnabled: at(value, "spec", "hibernation", "enabled") === true,
    technicalID: textAt(value, "status", "technicalID") || technicalID(ref),
    observedGeneration: number(at(value, "status", "observedGeneration")),
    lastOperation:
      state === ""
        ? undefined
        : {
            type: textAt(operation, "type") || "Reconcile",
            state,
            progress: number(at(operation, "progress")) ?? 0,
          },
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
export function remainingOperations(
  shoot: GardenletShoot,
): { readonly [OPERATION]: string | null } | undefined {
  const all = operations(shoot);
  const left = all.filter((operation) => !operation.startsWith("rollout-workers="));
  if (left.length === all.length) return undefined;
  return { [OPERATION]: left.length === 0 ? null : left.join(";") };
}

function operations(shoot: GardenletShoot): readonly string[] {
  return (shoot.annotations[OPERATION] ?? "").split(";").filter((operation) => operation !== "");
}

/** `shoot--<project>--<name>`; a project's namespace is `garden-<project>` unless it was chosen otherwise. */
function technicalID(ref: ShootRef): string {
  return `shoot--${ref.namespace.replace(/^garden-/, "")}--${ref.name}`;
}

function readPool(worker: JsonMap, controlPlaneVersion: string): Pool {
  const strategy = textAt(worker, "updateStrategy");
  const inPlace = strategy === "AutoInPlaceUpdate" || strategy === "ManualInPlaceUpdate";
  return {
    name: textAt(worker, "name"),
    kubernetesVersion: textAt(worker, "kubernetes", "version") || controlPlaneVersion,
    image: {
      name: textAt(worker, "machine", "image", "name"),
      version: textAt(worker, "machine", "image", "version"),
    },
    machineType: textAt(worker, "machine", "type"),
    desired: number(at(worker, "minimum")) ?? 0,
    maxSurge: amount(at(worker, "maxSurge")) ?? (inPlace ? 0 : 1),
    maxUnavailable: amount(at(worker, "maxUnavailable")) ?? (inPlace ? 1 : 0),
    updateStrategy: inPlace ? strategy : "AutoRollingUpdate",
    zones: textsAt(worker, "zones"),
    labels: textMap(map(at(worker, "labels"))),
  };
}

function amount(value: Json | undefined): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

function readCondition(value: JsonMap): ObservedCondition[] {
  const status = at(value, "status");
  if (status !== "True" && status !== "False" && status !== "Unknown" && status !== "Progressing") return [];
  return [
    {
      type: textAt(value, "type"),
      status,
      reason: textAt(value, "reason"),
      message: textAt(value, "message"),
      lastTransitionTime: textAt(value, "lastTransitionTime") || undefined,
    },
  ];
}
