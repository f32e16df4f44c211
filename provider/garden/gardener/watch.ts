/** One Shoot, followed: with the others of its namespace where that can be, else alone. */
import type { ShootRef } from "../../model/shoot";
import type { ShootEvent } from "../garden";
import { listAndWatch, type ApiClient, type WatchSettings } from "../http";
import { describeShoot, paths } from "./api";
import { decodeShoot } from "./decode";
import type { NamespaceWatches } from "./namespaceWatches";

/**
 * Ends with `gone` once the Shoot is deleted, or when it was missing from a list. Where it was
 * deleted and made again while the line was down, the new one is `seen` under another uid: who
 * watches compares the uid.
 *
 * Shares the watch of the namespace as far as that tells of the Shoot.
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
      case "alone":
        yield* watchAlone(client, ref, signal, settings);
        return;
      case "failed":
        throw event.error;
    }
  }
}

/**
 * A list with a field selector instead of a get: the version of a single object may be so old that a
 * server refuses to watch from it. RBAC takes the selector for a resourceName.
 */
async function* watchAlone(
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
