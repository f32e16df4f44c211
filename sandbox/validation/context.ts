/** What a rule about a Shoot may look at. */
import { type JsonMap, mapsAt, textAt } from "../json";

export interface UpdateContext {
  readonly shoot: JsonMap;
  readonly old: JsonMap;
  /** Feature gates that are on. */
  readonly gates: readonly string[];
}

export interface AdmissionContext {
  readonly operation: "CREATE" | "UPDATE";
  readonly shoot: JsonMap;
  /** Empty for a new Shoot. */
  readonly old: JsonMap;
  /** The specification of the CloudProfile that the Shoot names, rendered. */
  readonly profile: JsonMap;
  readonly now: Date;
}

export const poolPath = (index: number) => `spec.provider.workers[${String(index)}]`;

export const pools = (shoot: JsonMap) => mapsAt(shoot, "spec", "provider", "workers");

export function findPool(shoot: JsonMap, name: string): JsonMap | undefined {
  return pools(shoot).find((pool) => textAt(pool, "name") === name);
}

export const controlPlaneVersion = (shoot: JsonMap) => textAt(shoot, "spec", "kubernetes", "version");

/** The pin, else what the control plane runs. */
export const effectiveVersion = (shoot: JsonMap, pool: JsonMap) =>
  textAt(pool, "kubernetes", "version") || controlPlaneVersion(shoot);

export function isInPlace(pool: JsonMap): boolean {
  const strategy = textAt(pool, "updateStrategy");
  return strategy === "AutoInPlaceUpdate" || strategy === "ManualInPlaceUpdate";
}
