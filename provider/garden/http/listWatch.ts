/**
 * List, then watch, continued over lost connections, versions that the server no longer has (410) and
 * credentials that expire.
 */
import { pauseAfter } from "../../model/backoff";
import { UserError } from "../../model/problem";
import type { ApiClient } from "./client";
import { listObjects, ObjectVersions, WatchInterruption, type WatchTarget } from "./watch";
import { watchWithList, type ComparisonSettings } from "./watchWithList";

export type ListWatchEvent =
  /** All objects that exist; replaces what was reported before. */
  | { readonly kind: "listed"; readonly objects: readonly unknown[] }
  | { readonly kind: "changed"; readonly object: unknown }
  | { readonly kind: "deleted"; readonly object: unknown }
  | { readonly kind: "interrupted"; readonly message: string };

export interface WatchSettings extends ComparisonSettings {
  /** The pause after the first interruption; it doubles up to half a minute. */
  readonly pauseMs: number;
  /** Credentials that were accepted before and are refused for this time end the watch. */
  readonly refusedMs: number;
}

/** At most two requests a minute: 1.3 lists, and half a watch. */
export const defaultWatchSettings = {
  watchSeconds: 120,
  idleSlackMs: 15_000,
  pauseMs: 500,
  quietMs: 45_000,
  refusedMs: 120_000,
} as const;

const LONGEST_PAUSE_MS = 30_000;
/** A watch that ends sooner and without an event counts as a failure, so that it is not repeated in a busy loop. */
const SHORT_MS = 5_000;

export async function* listAndWatch(
  client: ApiClient,
  target: WatchTarget,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<ListWatchEvent> {
  const { clock } = settings;
  const isOver = (): boolean => signal.aborted;
  const known = new ObjectVersions();
  const granted = new Set<string>();
  let version: string | undefined;
  let failures = 0;
  let refusedSince: number | undefined;
  while (!isOver()) {
    let received = false;
    let verb: "list" | "watch" = "list";
    const began = clock.now().getTime();
    try {
      if (version === undefined) {
        const listed = await listObjects(client, target, signal);
        granted.add("list");
        version = listed.version;
        known.replace(listed.objects);
        yield { kind: "listed", objects: listed.objects };
      }
      verb = "watch";
      for await (const event of watchWithList(client, target, version, known, signal, settings)) {
        received = true;
        refusedSince = undefined;
        granted.add("watch");
        version = event.version;
        if (event.kind === "expired") break;
        if (event.kind === "listed") {
          known.replace(event.objects);
          yield { kind: "listed", objects: event.objects };
        } else if (event.kind !== "bookmark") {
          if (event.kind === "changed") known.set(event.object);
          else known.delete(event.object);
          yield { kind: event.kind, object: event.object };
        }
      }
      const short = clock.now().getTime() - began < SHORT_MS;
      failures = received && version !== undefined ? 0 : short ? failures + 1 : 0;
    } catch (error) {
      if (isOver()) return;
      if (!isTransient(error, verb, granted)) throw error;
      refusedSince = hasCode(error, "GU007") ? (refusedSince ?? began) : undefined;
      if (refusedSince !== undefined && clock.now().getTime() - refusedSince >= settings.refusedMs)
        throw error;
      // After a lost connection the watch continues from its version; after a refusal the objects are listed again.
      if (!hasCode(error, "GU005")) version = undefined;
      failures = received ? 1 : failures + 1;
      yield { kind: "interrupted", message: error.message };
    }
    if (failures > 0) {
      const pause = { firstMs: settings.pauseMs, longestMs: LONGEST_PAUSE_MS, jitter: 0.5 };
      await clock.sleep(pauseAfter(failures, pause), signal);
    }
  }
}

/**
 * Only what a person has to fix ends a watch: a right that was never there, credentials that are not
 * renewed. Anything else, such as a page of a gateway or a 401 of an API server that restarts, may end by
 * itself; the caller sets the limit.
 */
function isTransient(error: unknown, verb: "list" | "watch", granted: ReadonlySet<string>): error is Error {
  if (error instanceof WatchInterruption) return true;
  if (!(error instanceof UserError)) return false;
  switch (error.code) {
    case "GU005":
      return true;
    case "GU007":
    case "GU013":
      return error.retryable === true;
    // An exec plugin that has worked before may lack the network as well.
    case "GU012":
      return granted.size > 0;
    case "GU008":
      return granted.has(verb);
    default:
      return false;
  }
}

function hasCode(error: Error, code: "GU005" | "GU007"): boolean {
  return error instanceof UserError && error.code === code;
}
