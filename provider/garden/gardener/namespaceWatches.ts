/**
 * One list and watch of a namespace for all Shoots in it that are watched at the same time. It starts
 * with the first of them and ends with the last.
 */
import { UserError } from "../../model/problem";
import { at, root } from "../field";
import { listAndWatch, type ApiClient, type WatchSettings } from "../http";
import { paths } from "./api";

type SharedEvent =
  | { readonly kind: "object"; readonly object: unknown }
  | { readonly kind: "deleted" }
  | { readonly kind: "interrupted"; readonly message: string }
  /** The watch of the namespace does not report this Shoot: it has to be watched by name. */
  | { readonly kind: "unavailable" }
  | { readonly kind: "failed"; readonly error: unknown };

export interface NamespaceWatches {
  /** Ends with the signal only; the caller stops after any event but an object and an interruption. */
  watch(namespace: string, name: string, signal: AbortSignal): AsyncGenerator<SharedEvent>;
}

interface Watcher {
  readonly name: string;
  readonly events: SharedEvent[];
  wake(): void;
}

interface SharedWatch {
  readonly watchers: Set<Watcher>;
  readonly stop: AbortController;
  /** By name, as last received; undefined before the first list. */
  objects: Map<string, unknown> | undefined;
}

export function createNamespaceWatches(client: ApiClient, settings: WatchSettings): NamespaceWatches {
  const shared = new Map<string, SharedWatch>();
  /** Rights are often granted by name; a namespace that was refused is not requested again. */
  const refused = new Set<string>();

  function join(namespace: string): SharedWatch {
    const known = shared.get(namespace);
    if (known !== undefined) return known;
    const watch: SharedWatch = { watchers: new Set(), stop: new AbortController(), objects: undefined };
    shared.set(namespace, watch);
    void run(namespace, watch);
    return watch;
  }

  function end(namespace: string, watch: SharedWatch): void {
    watch.stop.abort();
    if (shared.get(namespace) === watch) shared.delete(namespace);
  }

  async function run(namespace: string, watch: SharedWatch): Promise<void> {
    const target = {
      path: paths.shoots(namespace),
      selector: {},
      request: { resource: "shoots", namespace, subject: `The Shoots of the namespace ${namespace}` },
    };
    try {
      for await (const event of listAndWatch(client, target, watch.stop.signal, settings)) {
        switch (event.kind) {
          case "listed":
            watch.objects = new Map(event.objects.map((object) => [nameOf(object), object]));
            for (const watcher of watch.watchers) notify(watcher, stateOf(watch.objects, watcher.name));
            break;
          case "changed":
          case "deleted": {
            const name = nameOf(event.object);
            if (event.kind === "deleted") watch.objects?.delete(name);
            else watch.objects?.set(name, event.object);
            const { kind, object } = event;
            notifyAll(watch, kind === "deleted" ? { kind } : { kind: "object", object }, name);
            break;
          }
          case "interrupted":
            notifyAll(watch, event);
        }
      }
    } catch (error) {
      end(namespace, watch);
      const missingRight = error instanceof UserError && error.missingRight;
      if (missingRight) refused.add(namespace);
      // The object that cannot be decoded may be another Shoot.
      const watchByName = missingRight || (error instanceof UserError && error.code === "GU013");
      notifyAll(watch, watchByName ? { kind: "unavailable" } : { kind: "failed", error });
    }
  }

  return {
    async *watch(namespace, name, signal) {
      if (refused.has(namespace)) {
        yield { kind: "unavailable" };
        return;
      }
      const watch = join(namespace);
      const watcher: Watcher = { name, events: [], wake: () => undefined };
      if (watch.objects !== undefined) notify(watcher, stateOf(watch.objects, name));
      watch.watchers.add(watcher);
      const wake = (): void => watcher.wake();
      signal.addEventListener("abort", wake, { once: true });
      try {
        while (!isOver(signal)) {
          const event = watcher.events.shift();
          if (event !== undefined) yield event;
          else await new Promise<void>((resolve) => (watcher.wake = resolve));
        }
      } finally {
        signal.removeEventListener("abort", wake);
        watch.watchers.delete(watcher);
        if (watch.watchers.size === 0) end(namespace, watch);
      }
    },
  };
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function stateOf(objects: ReadonlyMap<string, unknown>, name: string): SharedEvent {
  return objects.has(name) ? { kind: "object", object: objects.get(name) } : { kind: "unavailable" };
}

function notifyAll(watch: SharedWatch, event: SharedEvent, name?: string): void {
  for (const watcher of watch.watchers) {
    if (name === undefined || watcher.name === name) notify(watcher, event);
  }
}

function notify(watcher: Watcher, event: SharedEvent): void {
  watcher.events.push(event);
  watcher.wake();
}

/** Empty where there is none, which no watcher has. */
function nameOf(object: unknown): string {
  const { value } = at(root("A Shoot", object), "metadata", "name");
  return typeof value === "string" ? value : "";
}
