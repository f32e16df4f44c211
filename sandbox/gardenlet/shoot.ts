/** The parts of a Shoot that the gardenlet acts on. */
import type { ConditionStatus, ShootRef, WorkerUpdateStrategy } from "../../provider/model/shoot";
import { at, flag, items, type JsonObject, numeric, text, textMap, texts } from "../shoot/fields";

export interface Pool {
  readonly name: string;
  /** The pool's pin, else the control plane's version. */
  readonly kubernetesVersion: string;
  readonly image: { readonly name: string; readonly version: string };
  readonly machineType: string;
  /** Nobody scales in the sandbox: the minimum is what is desired. */
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

export function readShoot(value: JsonObject): GardenletShoot {
  const ref = {
    namespace: text(at(value, "metadata", "namespace")) ?? "",
    name: text(at(value, "metadata", "name")) ?? "",
  };
  const kubernetesVersion = text(at(value, "spec", "kubernetes", "version")) ?? "";
  const operation = at(value, "status", "lastOperation");
  const state = text(at(operation, "state"));
  return {
    ref,
    uid: text(at(value, "metadata", "uid")) ?? "",
    generation: numeric(at(value, "metadata", "generation")) ?? 0,
    beingDeleted: at(value, "metadata", "deletionTimestamp") !== undefined,
    annotations: textMap(at(value, "metadata", "annotations")),
    kubernetesVersion,
    pools: items(at(value, "spec", "provider", "workers")).map((worker) =>
      readPool(worker, kubernetesVersion),
    ),
    hibernationEnabled: flag(at(value, "spec", "hibernation", "enabled")) ?? false,
    technicalID: text(at(value, "status", "technicalID")) ?? technicalID(ref),
    observedGeneration: numeric(at(value, "status", "observedGeneration")),
    lastOperation:
      state === undefined
        ? undefined
        : {
            type: text(at(operation, "type")) ?? "Reconcile",
            state,
            progress: numeric(at(operation, "progress")) ?? 0,
          },
    retrying: at(value, "status", "retryCycleStartTime") !== undefined,
    conditions: items(at(value, "status", "conditions")).flatMap(readCondition),
  };
}

/** Operations that the gardenlet itself takes from the annotation; the API server and maintenance take the others. */
export function rolloutsAskedFor(shoot: GardenletShoot): readonly string[] {
  const pools = operations(shoot)
    .filter((operation) => operation.startsWith("rollout-workers="))
    .flatMap((operation) => operation.slice("rollout-workers=".length).split(","));
  return pools.includes("*") ? shoot.pools.map((pool) => pool.name) : pools;
}

/** What remains of the operation annotation once the gardenlet has taken its own; null removes it. */
export function operationsLeft(shoot: GardenletShoot): { readonly [OPERATION]: string | null } | undefined {
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

function readPool(worker: unknown, controlPlaneVersion: string): Pool {
  const strategy = text(at(worker, "updateStrategy"));
  const inPlace = strategy === "AutoInPlaceUpdate" || strategy === "ManualInPlaceUpdate";
  return {
    name: text(at(worker, "name")) ?? "",
    kubernetesVersion: text(at(worker, "kubernetes", "version")) ?? controlPlaneVersion,
    image: {
      name: text(at(worker, "machine", "image", "name")) ?? "",
      version: text(at(worker, "machine", "image", "version")) ?? "",
    },
    machineType: text(at(worker, "machine", "type")) ?? "",
    desired: numeric(at(worker, "minimum")) ?? 0,
    maxSurge: amount(at(worker, "maxSurge")) ?? (inPlace ? 0 : 1),
    maxUnavailable: amount(at(worker, "maxUnavailable")) ?? (inPlace ? 1 : 0),
    updateStrategy: inPlace ? strategy : "AutoRollingUpdate",
    zones: texts(at(worker, "zones")),
    labels: textMap(at(worker, "labels")),
  };
}

function amount(value: unknown): number | string | undefined {
  return numeric(value) ?? text(value);
}

function readCondition(value: unknown): ObservedCondition[] {
  const status = at(value, "status");
  if (status !== "True" && status !== "False" && status !== "Unknown" && status !== "Progressing") return [];
  return [
    {
      type: text(at(value, "type")) ?? "",
      status,
      reason: text(at(value, "reason")) ?? "",
      message: text(at(value, "message")) ?? "",
      lastTransitionTime: text(at(value, "lastTransitionTime")),
    },
  ];
}
