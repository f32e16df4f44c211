/** All objects, their history, and the listeners to changes. */
import { randomUUID } from "node:crypto";
import { child, clone, type JsonMap, textAt, timestamp } from "../json";
import { apiVersion, type Resource, resources } from "./resource";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly resourceVersion: number;
  readonly object: JsonMap;
  /** What it was before; selectors may have matched only that. */
  readonly previous?: JsonMap;
}

export type Store = ReturnType<typeof createStore>;

const HISTORY = 2_000;
/** A garden does not begin at zero. */
const FIRST = 1_000;

/** @param served the kinds of the objects. */
export function createStore(now: () => Date, served: readonly Resource[] = resources) {
  const objects = new Map<string, JsonMap>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let current = FIRST;
  let oldest = FIRST;

  const keyOf = (resource: Resource, namespace: string, name: string) =>
    `${resource.group}/${resource.resource}/${resource.namespaced ? namespace : ""}/${name}`;

  function publish(change: Omit<Change, "resourceVersion">): void {
    current += 1;
    child(change.object, "metadata").resourceVersion = String(current);
    history.push({ ...change, resourceVersion: current });
    if (history.length > HISTORY * 2) {
      history = history.slice(-HISTORY);
      oldest = history[0]?.resourceVersion ?? current;
    }
    for (const listener of [...listeners]) listener({ ...change, resourceVersion: current });
  }

  function get(resource: Resource, namespace: string, name: string): JsonMap | undefined {
    const found = objects.get(keyOf(resource, namespace, name));
    return found === undefined ? undefined : clone(found);
  }

  /** Writes as it is, without validation. */
  function put(object: JsonMap): JsonMap {
    const resource = resourceOf(object, served);
    const stored = clone(object);
    const metadata = child(stored, "metadata");
    const key = keyOf(resource, textAt(metadata, "namespace"), textAt(metadata, "name"));
    const previous = objects.get(key);
    metadata.uid ??= textAt(previous, "metadata", "uid") || randomUUID();
    metadata.creationTimestamp ??= textAt(previous, "metadata", "creationTimestamp") || timestamp(now());
    objects.set(key, stored);
    publish({ type: previous === undefined ? "ADDED" : "MODIFIED", resource, object: stored, previous });
    return clone(stored);
  }

  return {
    get resourceVersion() {
      return current;
    },
    /** The oldest resource version that watches can resume from. */
    get oldest() {
      return oldest;
    },
    get,
    put,
    /** Changes the stored object, without validation. */
    edit(resource: Resource, namespace: string, name: string, change: (object: JsonMap) => void): JsonMap {
      const object = get(resource, namespace, name);
      if (object === undefined) throw new Error(`no ${resource.kind} ${namespace}/${name} in the store`);
      change(object);
      return put(object);
    },
    remove(resource: Resource, namespace: string, name: string): JsonMap | undefined {
      const key = keyOf(resource, namespace, name);
      const previous = objects.get(key);
      if (previous === undefined) return undefined;
      objects.delete(key);
      const object = clone(previous);
      publish({ type: "DELETED", resource, object, previous });
      return clone(object);
    },
    /** Sorted by namespace and name; without a namespace: of all. */
    list(resource: Resource, namespace?: string): JsonMap[] {
      const prefix = keyOf(resource, namespace ?? "", "");
      return [...objects]
        .filter(([key]) => key.startsWith(namespace === undefined ? prefix.replace(/\/\/$/, "/") : prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => clone(object));
    },
    since: (resourceVersion: number): readonly Change[] =>
      history.filter((change) => change.resourceVersion > resourceVersion),
    /** Returns how to remove the listener. */
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function resourceOf(object: JsonMap, served: readonly Resource[]): Resource {
  const found = served.find((one) => apiVersion(one) === object.apiVersion && one.kind === object.kind);
  if (found !== undefined) return found;
  throw new Error(`the sandbox does not serve ${textAt(object, "apiVersion")} ${textAt(object, "kind")}`);
}
