/** All objects, their history, and the listeners to changes. */
import { randomUUID } from "node:crypto";
import { clone, type JsonMap, map, textAt, timestamp } from "../json";
import { apiVersion, type Resource, resources } from "./resource";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly resourceVersion: number;
  readonly object: JsonMap;
  /** What it was before; selectors may have matched only that. */
  readonly previous?: JsonMap;
}

export interface Store {
  readonly resourceVersion: number;
  /** The oldest resource version that watches can resume from. */
  readonly oldest: number;
  get(resource: Resource, namespace: string, name: string): JsonMap | undefined;
  /** Sorted by namespace and name; without a namespace: of all. */
  list(resource: Resource, namespace?: string): JsonMap[];
  /** Writes as it is, without validation: for the worlds and for tests. */
  put(object: JsonMap): JsonMap;
  /** Changes the stored object, without validation. */
  edit(resource: Resource, namespace: string, name: string, change: (object: JsonMap) => void): JsonMap;
  remove(resource: Resource, namespace: string, name: string): JsonMap | undefined;
  since(resourceVersion: number): readonly Change[];
  onChange(listener: (change: Change) => void): () => void;
  /** Drops the history, as etcd's compaction does. */
  compact(): void;
}

const HISTORY = 2_000;
/** A garden does not begin at zero. */
const FIRST = 1_000;

/** @param served the kinds of the objects. */
export function createStore(now: () => Date, served: readonly Resource[] = resources): Store {
  const objects = new Map<string, JsonMap>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let current = FIRST;
  let oldest = FIRST;

  const key = (resource: Resource, namespace: string, name: string) =>
    `${resource.group}/${resource.resource}/${resource.namespaced ? namespace : ""}/${name}`;

  function publish(change: Change): void {
    history.push(change);
    if (history.length > HISTORY * 2) {
      history = history.slice(-HISTORY);
      oldest = history[0]?.resourceVersion ?? current;
    }
    for (const listener of [...listeners]) listener(change);
  }

  function get(resource: Resource, namespace: string, name: string): JsonMap | undefined {
    const found = objects.get(key(resource, namespace, name));
    return found === undefined ? undefined : clone(found);
  }

  function put(object: JsonMap): JsonMap {
    const resource = resourceOf(object, served);
    const stored = clone(object);
    const metadata = map(stored.metadata);
    stored.metadata = metadata;
    const place = key(resource, textAt(metadata, "namespace"), textAt(metadata, "name"));
    const previous = objects.get(place);
    metadata.uid ??= textAt(previous, "metadata", "uid") || randomUUID();
    metadata.creationTimestamp ??= textAt(previous, "metadata", "creationTimestamp") || timestamp(now());
    current += 1;
    metadata.resourceVersion = String(current);
    objects.set(place, stored);
    publish({
      type: previous === undefined ? "ADDED" : "MODIFIED",
      resource,
      resourceVersion: current,
      object: stored,
      previous,
    });
    return clone(stored);
  }

  function edit(
    resource: Resource,
    namespace: string,
    name: string,
    change: (object: JsonMap) => void,
  ): JsonMap {
    const object = get(resource, namespace, name);
    if (object === undefined) throw new Error(`no ${resource.kind} ${namespace}/${name} in the store`);
    change(object);
    return put(object);
  }

  function remove(resource: Resource, namespace: string, name: string): JsonMap | undefined {
    const place = key(resource, namespace, name);
    const previous = objects.get(place);
    if (previous === undefined) return undefined;
    objects.delete(place);
    current += 1;
    const object = clone(previous);
    map(object.metadata).resourceVersion = String(current);
    publish({ type: "DELETED", resource, resourceVersion: current, object, previous });
    return clone(object);
  }

  return {
    get resourceVersion() {
      return current;
    },
    get oldest() {
      return oldest;
    },
    get,
    put,
    edit,
    remove,
    list(resource, namespace) {
      const prefix = `${resource.group}/${resource.resource}/${namespace === undefined ? "" : `${namespace}/`}`;
      return [...objects]
        .filter(([place]) => place.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => clone(object));
    },
    since: (resourceVersion) => history.filter((change) => change.resourceVersion > resourceVersion),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact() {
      history = [];
      oldest = current;
    },
  };
}

function resourceOf(object: JsonMap, served: readonly Resource[]): Resource {
  const found = served.find((one) => apiVersion(one) === object.apiVersion && one.kind === object.kind);
  if (found === undefined) {
    throw new Error(`the sandbox does not serve ${textAt(object, "apiVersion")} ${textAt(object, "kind")}`);
  }
  return found;
}
