/** Objects of a Shoot's cluster in memory, with resource versions and a history that watches resume from. */
import { randomUUID } from "node:crypto";
import { type JsonMap, map, textAt, timestamp } from "../../json";

interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: string;
  readonly object: JsonMap;
  readonly resourceVersion: number;
}

export interface Store {
  list(resource: string, namespace?: string): readonly JsonMap[];
  get(resource: string, namespace: string, name: string): JsonMap | undefined;
  /** Creates or replaces; the object comes back as stored. */
  put(resource: string, value: JsonMap): JsonMap;
  remove(resource: string, namespace: string, name: string): JsonMap | undefined;
  resourceVersion(): number;
  /** Events after a resource version; undefined where they are forgotten. Then each new one, until called off. */
  follow(after: number, listener: (event: StoreEvent) => void): (() => void) | undefined;
}

const REMEMBERED_EVENTS = 1000;

/** Empty for what lives in no namespace. */
function namespaceOf(value: JsonMap): string {
  return textAt(value, "metadata", "namespace");
}

function nameOf(value: JsonMap): string {
  return textAt(value, "metadata", "name");
}

export function createStore(now: () => Date): Store {
  const objects = new Map<string, Map<string, JsonMap>>();
  const history: StoreEvent[] = [];
  const listeners = new Set<(event: StoreEvent) => void>();
  let version = 1;
  const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

  function tell(type: StoreEvent["type"], resource: string, value: JsonMap): void {
    const event = { type, resource, object: value, resourceVersion: version };
    history.push(event);
    if (history.length > REMEMBERED_EVENTS) history.shift();
    for (const listener of listeners) listener(event);
  }

  function stamped(value: JsonMap, known: JsonMap): JsonMap {
    version += 1;
    const created = textAt(known, "metadata", "creationTimestamp") || timestamp(now());
    const uid = textAt(known, "metadata", "uid") || randomUUID();
    const metadata = {
      ...map(value.metadata),
      uid,
      creationTimestamp: created,
      resourceVersion: String(version),
    };
    return { ...value, metadata };
  }

  return {
    list(resource, namespace) {
      const all = [...(objects.get(resource)?.values() ?? [])];
      return namespace === undefined ? all : all.filter((value) => namespaceOf(value) === namespace);
    },
    get: (resource, namespace, name) => objects.get(resource)?.get(keyOf(namespace, name)),
    put(resource, value) {
      const kept = objects.get(resource) ?? new Map<string, JsonMap>();
      objects.set(resource, kept);
      const key = keyOf(namespaceOf(value), nameOf(value));
      const known = kept.get(key);
      const stored = stamped(value, known ?? {});
      kept.set(key, stored);
      tell(known === undefined ? "ADDED" : "MODIFIED", resource, stored);
      return stored;
    },
    remove(resource, namespace, name) {
      const known = objects.get(resource)?.get(keyOf(namespace, name));
      if (known === undefined) return undefined;
      objects.get(resource)?.delete(keyOf(namespace, name));
      const gone = stamped(known, known);
      tell("DELETED", resource, gone);
      return gone;
    },
    resourceVersion: () => version,
    follow(after, listener) {
      const oldest = history[0]?.resourceVersion ?? version + 1;
      if (after < oldest - 1 && after < version) return undefined;
      for (const event of history) if (event.resourceVersion > after) listener(event);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
