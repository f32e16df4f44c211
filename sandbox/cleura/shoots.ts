/** The project's Shoots behind Cleura's API: reads and writes go to the garden's own objects. */
import { randomBytes } from "node:crypto";
import { createObjects, type Answer } from "../api/objects";
import { cloudProfiles, shoots as resource } from "../api/resource";
import { EVERYTHING, type User } from "../api/users";
import type { GardenServer } from "../garden";
import { at, clone, type JsonMap, number, textAt } from "../json";
import type { Change } from "./edits";
import { busy, notFound } from "./failure";
import type { Views } from "./views";

export interface ShootsParts {
  readonly garden: GardenServer;
  readonly namespace: string;
  readonly views: Views;
  readonly now: () => Date;
  readonly featureGates: readonly string[];
}

export interface Shoots {
  /** Who Cleura is for the garden. */
  readonly user: User;
  list(): JsonMap[];
  /** As the garden has it. */
  get(name: string): JsonMap;
  exists(name: string): boolean;
  cloudProfiles(): JsonMap[];
  /** The Shoot after the change; throws the refusal of the garden. */
  trial(name: string, change: Change): JsonMap;
  write(name: string, change: Change): JsonMap;
  /** Refuses with 409 while another change of worker groups is in progress. */
  writePool(name: string, change: Change): JsonMap;
  isBusy(name: string): boolean;
}

export function createShoots({ garden, namespace, views, now, featureGates }: ShootsParts): Shoots {
  const { store } = garden;
  const user: User = { name: "cleura", token: randomBytes(24).toString("base64url"), rules: EVERYTHING };
  const objects = createObjects(store, now, featureGates);
  /** The generation of the last change of worker groups, by Shoot. */
  const poolChanges = new Map<string, number>();
  const target = (name: string) => ({ resource, namespace, name, subresource: "" });

  function get(name: string): JsonMap {
    const found = store.get(resource, namespace, name);
    if (found === undefined) throw notFound(`Shoot ${name}`);
    return found;
  }

  function update(name: string, change: Change, dryRun: boolean): Answer {
    const changed = clone(get(name));
    change(changed);
    return objects.update(target(name), changed, {
      dryRun,
      fieldManager: "cleura",
      fieldValidation: "Ignore",
      user,
    });
  }

  function write(name: string, change: Change): JsonMap {
    const before = get(name);
    const { object } = update(name, change, false);
    views.written(before, object);
    return object;
  }

  /** Whether the change that made this generation is not through. */
  function isUnderway(shoot: JsonMap, since: number): boolean {
    return observed(shoot) < since || (observed(shoot) === since && isProcessing(shoot));
  }

  return {
    user,
    get,
    write,
    isBusy(name) {
      const shoot = get(name);
      return isUnderway(shoot, generation(shoot));
    },
    list: () => store.list(resource, namespace),
    exists: (name) => store.list(resource).some((shoot) => textAt(shoot, "metadata", "name") === name),
    cloudProfiles: () => store.list(cloudProfiles),
    trial: (name, change) => update(name, change, true).object,
    writePool(name, change) {
      const before = get(name);
      const target = generation(update(name, change, true).object);
      if (target === generation(before)) return before;
      const last = poolChanges.get(name);
      if (last !== undefined && isUnderway(before, last)) throw busy(name);
      const after = write(name, change);
      poolChanges.set(name, generation(after));
      return after;
    },
  };
}

function generation(shoot: JsonMap): number {
  return number(at(shoot, "metadata", "generation")) ?? 0;
}

function observed(shoot: JsonMap): number {
  return number(at(shoot, "status", "observedGeneration")) ?? 0;
}

function isProcessing(shoot: JsonMap): boolean {
  return ["Pending", "Processing"].includes(textAt(shoot, "status", "lastOperation", "state"));
}
