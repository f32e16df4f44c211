/** What a rule about a Shoot may use. */
import { at, type Json, type JsonMap, map, mapsAt, text, textAt } from "../json";

export interface UpdateContext {
  readonly shoot: JsonMap;
  readonly old: JsonMap;
}

export interface AdmissionContext {
  readonly shoot: JsonMap;
  /** Empty for a new Shoot. */
  readonly old: JsonMap;
  /** The specification of the CloudProfile that the Shoot names, rendered. */
  readonly profile: JsonMap;
  readonly now: Date;
}

export const poolPath = (index: number) => `spec.provider.workers[${index}]`;

export const pools = (shoot: JsonMap) => mapsAt(shoot, "spec", "provider", "workers");

export function findPool(shoot: JsonMap, name: string): JsonMap | undefined {
  return pools(shoot).find((pool) => textAt(pool, "name") === name);
}

export const controlPlaneVersion = (shoot: JsonMap) => textAt(shoot, "spec", "kubernetes", "version");

/** The pin, else the control plane's. */
export const effectiveVersion = (shoot: JsonMap, pool: JsonMap) =>
  textAt(pool, "kubernetes", "version") || controlPlaneVersion(shoot);

export const isInPlace = (pool: JsonMap) =>
  pool.updateStrategy === "AutoInPlaceUpdate" || pool.updateStrategy === "ManualInPlaceUpdate";

/** As its specification has it. */
export const isHibernated = (shoot: JsonMap) => at(shoot, "spec", "hibernation", "enabled") === true;

export const isConfined = (shoot: JsonMap) =>
  at(shoot, "spec", "maintenance", "confineSpecUpdateRollout") === true;

export const isBeingDeleted = (object: JsonMap) => textAt(object, "metadata", "deletionTimestamp") !== "";

export const lastOperationState = (shoot: JsonMap) => textAt(shoot, "status", "lastOperation", "state");

export const OPERATION = "gardener.cloud/operation";
export const MAINTENANCE_OPERATION = "maintenance.gardener.cloud/operation";

export const annotationsOf = (object: JsonMap) => map(at(object, "metadata", "annotations"));

export function operationsOf(annotations: Readonly<Record<string, Json>>, annotation: string): string[] {
  return text(annotations[annotation])
    .split(";")
    .map((operation) => operation.trim())
    .filter((operation) => operation !== "");
}

/** What Go's ParseBool reads as true. */
export const isTrue = (value: string) => ["1", "t", "T", "true", "TRUE", "True"].includes(value);
