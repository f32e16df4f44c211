/** A garden as small as can be, for the gardenlet and the maintenance to work on: objects, generations, a watch. */
import { ApiError, type Client, type WatchEvent } from "../../client";
import { patch } from "../../api/patch";
import { at, isJson, type Json, type JsonMap, map, textAt } from "../../json";
import { createStore } from "./store";

export interface TinyGarden extends Client {
  /** Every write in order, status and metadata alike, as the object that came of it. */
  readonly written: readonly JsonMap[];
  /** Writes with dryRun; refused after `refuse`. */
  readonly dryRuns: readonly JsonMap[];
  refuse(message: string | undefined): void;
  /** The first object that fits, now or later. */
  until(path: string, fits: (value: JsonMap) => boolean): Promise<JsonMap>;
  shoot(): JsonMap;
  changeSpec(changes: JsonMap): void;
  annotate(annotations: JsonMap): void;
}

export const SHOOT = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots/web";

export function shootObject(spec: JsonMap = {}): JsonMap {
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: { name: "web", namespace: "garden-demo", generation: 1, annotations: {} },
    spec: {
      cloudProfile: { kind: "CloudProfile", name: "sandbox" },
      kubernetes: { version: "1.33.4" },
      maintenance: {
        autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
        timeWindow: { begin: "220000+0000", end: "230000+0000" },
      },
      provider: { type: "local", workers: [pool("pool-a")] },
      ...spec,
    },
  };
}

export function pool(name: string, changes: JsonMap = {}): JsonMap {
  return {
    name,
    machine: { type: "medium", architecture: "amd64", image: { name: "gardenlinux", version: "1592.10.0" } },
    minimum: 3,
    maximum: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    ...changes,
  };
}

/** Paths are kept as they are: the last part names the object, what is before it the collection. */
export function tinyGarden(
  ...objects: readonly { readonly path: string; readonly value: JsonMap }[]
): TinyGarden {
  const store = createStore(() => new Date());
  const written: JsonMap[] = [];
  const dryRuns: JsonMap[] = [];
  let refusal: string | undefined;
  const split = (path: string): { kind: string; name: string } => {
    const plain = everywhere(path).replace(/\/status$/, "");
    const end = plain.lastIndexOf("/");
    return { kind: plain.slice(0, end), name: plain.slice(end + 1) };
  };
  const find = (path: string): JsonMap => {
    const { kind, name } = split(path);
    const found = store.list(kind).find((value) => textAt(value, "metadata", "name") === name);
    if (found === undefined) throw new ApiError(404, "NotFound", `${name} not found`);
    return found;
  };
  const keep = (path: string, value: JsonMap): JsonMap => {
    const stored = store.put(split(path).kind, value);
    written.push(stored);
    return stored;
  };
  /** The rule of the API server: a specification that differs raises the generation. */
  const replace = (path: string, value: JsonMap): JsonMap => {
    const known = find(path);
    const generation = Number(at(known, "metadata", "generation") ?? 1);
    const differs = JSON.stringify(known.spec) !== JSON.stringify(value.spec);
    const asked = at(value, "metadata", "annotations", "gardener.cloud/operation") === "reconcile";
    const annotations = { ...map(at(value, "metadata", "annotations")) };
    if (asked) delete annotations["gardener.cloud/operation"];
    const metadata = {
      ...map(value.metadata),
      annotations,
      generation: generation + (differs || asked ? 1 : 0),
    };
    return keep(path, { ...value, status: known.status ?? {}, metadata });
  };
  for (const { path, value } of objects) store.put(split(path).kind, value);

  async function* watch(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const queue: WatchEvent[] = [{ kind: "listed", items: store.list(path) }];
    let wake: () => void = () => undefined;
    const kinds = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const;
    const stop = store.follow(store.resourceVersion(), (event) => {
      if (event.resource === path) queue.push({ kind: kinds[event.type], object: event.object });
      wake();
    });
    signal.addEventListener("abort", () => {
      wake();
    });
    while (!signal.aborted) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    stop?.();
  }

  return {
    url: "https://tiny",
    written,
    dryRuns,
    refuse(message) {
      refusal = message;
    },
    shoot: () => find(SHOOT),
    changeSpec(changes) {
      replace(SHOOT, merge(find(SHOOT), { spec: changes }));
    },
    annotate(annotations) {
      replace(SHOOT, merge(find(SHOOT), { metadata: { annotations } }));
    },
    until(path, fits) {
      const now = find(path);
      if (fits(now)) return Promise.resolve(now);
      return new Promise((resolve) => {
        const stop = store.follow(store.resourceVersion(), (event) => {
          if (event.resource !== split(path).kind || !fits(event.object)) return;
          stop?.();
          resolve(event.object);
        });
      });
    },
    get: (path) => Promise.resolve().then(() => find(path)),
    list: (path) =>
      Promise.resolve({
        items: store.list(everywhere(path)),
        resourceVersion: String(store.resourceVersion()),
      }),
    watch,
    create: (path, body) => Promise.resolve(keep(`${path}/x`, map(json(body)))),
    patch: (path, _type, body) =>
      Promise.resolve().then(() => {
        const merged = merge(find(path), json(body));
        return path.endsWith("/status")
          ? keep(path, { ...merged, spec: find(path).spec ?? {} })
          : replace(path, merged);
      }),
    put: (path, body, options) =>
      Promise.resolve().then(() => {
        if (options?.dryRun === true) {
          dryRuns.push(map(json(body)));
          if (refusal !== undefined) throw new ApiError(422, "Invalid", refusal);
          return map(json(body));
        }
        const asked = textAt(map(json(body)), "metadata", "resourceVersion");
        if (asked !== textAt(find(path), "metadata", "resourceVersion")) {
          throw new ApiError(409, "Conflict", "the object has been modified");
        }
        return replace(path, map(json(body)));
      }),
    delete: (path) => Promise.resolve().then(() => find(path)),
    close: () => undefined,
  };
}

function merge(value: JsonMap, changes: Json): JsonMap {
  return patch(value, changes, "application/merge-patch+json");
}

/** As it would arrive over the wire. */
function json(value: unknown): Json {
  const sent: unknown = JSON.parse(JSON.stringify(value));
  return isJson(sent) ? sent : null;
}

/** Of all namespaces: there is but one. */
function everywhere(path: string): string {
  return path.replace(/\/namespaces\/[^/]+/, "");
}
