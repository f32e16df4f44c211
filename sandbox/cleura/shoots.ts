/** The project's Shoots behind Cleura's API: reads and writes go to the garden's own objects. */
import { cloudProfiles, shoots as resource } from "../api/resource";
import { EVERYTHING } from "../api/users";
import type { GardenServer } from "../garden";
import { at, clone, type JsonMap, number, textAt } from "../json";
import type { Change } from "./edits";
import { busy, notFound } from "./failure";
import type { Views } from "./views";

export type Shoots = ReturnType<typeof createShoots>;

export function createShoots({ store, objects }: GardenServer, namespace: string, views: Views) {
  /** Cleura as a user of the garden. */
  const user = { name: "cleura", rules: EVERYTHING };
  /** The generation of the last change of worker groups, by Shoot. */
  const poolChanges = new Map<string, number>();

  function get(name: string): JsonMap {
    const found = store.get(resource, namespace, name);
    if (found === undefined) throw notFound(`Shoot ${name}`);
    return found;
  }

  function update(name: string, change: Change, dryRun: boolean): JsonMap {
    const changed = clone(get(name));
    change(changed);
    const options = { dryRun, fieldManager: "cleura", fieldValidation: "Ignore", user };
    return objects.update({ resource, namespace, name, subresource: "" }, changed, options).object;
  }

  function write(name: string, change: Change): JsonMap {
    const before = get(name);
    const object = update(name, change, false);
    views.written(before, object);
    return object;
  }

  const dryRun = (name: string, change: Change) => update(name, change, true);

  return {
    user,
    get,
    write,
    dryRun,
    isBusy(name: string): boolean {
      const shoot = get(name);
      return isInProgress(shoot, generation(shoot));
    },
    list: () => store.list(resource, namespace),
    cloudProfiles: () => store.list(cloudProfiles),
    /** Refuses with 409 while another change of worker groups is in progress. */
    writePool(name: string, change: Change): JsonMap {
      const before = get(name);
      if (generation(dryRun(name, change)) === generation(before)) return before;
      const last = poolChanges.get(name);
      if (last !== undefined && isInProgress(before, last)) throw busy(name);
      const after = write(name, change);
      poolChanges.set(name, generation(after));
      return after;
    },
  };
}

const generation = (shoot: JsonMap) => number(at(shoot, "metadata", "generation")) ?? 0;

/** Whether the change that made this generation is not complete. */
function isInProgress(shoot: JsonMap, since: number): boolean {
  const observed = number(at(shoot, "status", "observedGeneration")) ?? 0;
  const state = textAt(shoot, "status", "lastOperation", "state");
  return observed < since || (observed === since && ["Pending", "Processing"].includes(state));
}
