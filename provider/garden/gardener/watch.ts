/** Watches one Shoot, by the watch of its namespace where possible, else by its name. */
import type { ShootRef } from "../../model/shoot";
import type { ShootEvent } from "../garden";
import { listAndWatch, type ApiClient, type WatchSettings } from "../http";
import { describeShoot, paths } from "./api";
import { decodeShoot } from "./decode";
import type { NamespaceWatches } from "./namespaceWatches";

/**
 * Ends with `gone` once the Shoot is deleted, or when a list does not contain it. A Shoot that was
 * deleted and created again while the connection was lost is `seen` with another uid, which the caller
 * compares.
 */
export async function* watchShoot(
  client: ApiClient,
  watches: NamespaceWatches,
  ref: ShootRef,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<ShootEvent> {
  for await (const event of watches.watch(ref.namespace, ref.name, signal)) {
    switch (event.kind) {
      case "object":
        yield { kind: "seen", shoot: decodeShoot(event.object) };
        break;
      case "deleted":
        yield { kind: "gone" };
        return;
      case "interrupted":
        yield event;
        break;
      case "unavailable":
        yield* watchByName(client, ref, signal, settings);
        return;
      case "failed":
        throw event.error;
    }
  }
}

/**
 * A list with a field selector instead of a get: the version of a single object may be too old for the
 * server to watch from. RBAC treats the selector like a resourceName.
 */
async function* watchByName(
  client: ApiClient,
  ref: ShootRef,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<ShootEvent> {
  const target = {
    path: paths.shoots(ref.namespace),
    selector: { fieldSelector: `metadata.name=${ref.name}` },
    request: { resource: "shoots", namespace: ref.namespace, subject: describeShoot(ref) },
  };
  for await (const event of listAndWatch(client, target, signal, settings)) {
    switch (event.kind) {
      case "listed": {
        const [object] = event.objects;
        if (object === undefined) {
          yield { kind: "gone" };
          return;
        }
        yield { kind: "seen", shoot: decodeShoot(object) };
        break;
      }
      case "changed":
        yield { kind: "seen", shoot: decodeShoot(event.object) };
        break;
      case "deleted":
        yield { kind: "gone" };
        return;
      case "interrupted":
        yield event;
    }
  }
}
