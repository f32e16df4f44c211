/**
 * List, then watch, and again over whatever comes between: connections that are lost, a server that
 * has forgotten the version one asks from (410), credentials that expire.
 */
import { pauseAfter } from "../../model/backoff";
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import { at, isAbsent, list, prose, root, text, type Field } from "../field";
import type { ApiClient } from "./client";
import { statusFailure, type RequestedRight } from "./failure";
import type { ApiStatus } from "./status";

export type ListWatchEvent =
  /** All objects there are; what was told before no longer counts. */
  | { readonly kind: "listed"; readonly objects: readonly unknown[] }
  | { readonly kind: "changed"; readonly object: unknown }
  | { readonly kind: "deleted"; readonly object: unknown }
  | { readonly kind: "interrupted"; readonly message: string };

export interface WatchTarget {
  readonly path: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly asked: Omit<RequestedRight, "verb">;
}

export interface WatchSettings {
  readonly clock: Clock;
  /** The server ends a watch after this time, and one that has been silent for longer is dead. */
  readonly watchSeconds: number;
  readonly idleSlackMs: number;
  /** The pause after the first interruption; it doubles up to half a minute. */
  readonly pauseMs: number;
  /** A watch that has been quiet for this time is compared with a list. Absent: never. */
  readonly quietMs?: number;
  /** Credentials that were accepted and are refused for this time are no longer waited for. */
  readonly refusedMs: number;
}

export const defaultWatchSettings = {
  watchSeconds: 120,
  idleSlackMs: 15_000,
  pauseMs: 500,
  quietMs: 15_000,
  refusedMs: 120_000,
} as const;

const LONGEST_PAUSE_MS = 30_000;
/** A watch that ends sooner without a word counts as a failure, or we would ask in a busy loop. */
const SHORT_MS = 5_000;
/** Between reads beside a quiet watch, once the first one has found nothing new. */
const LONGEST_QUIET_MS = 30_000;

/** What may pass without anybody's doing, and after which the objects are listed again. */
class Interruption extends Error {}

export async function* listAndWatch(
  client: ApiClient,
  target: WatchTarget,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<ListWatchEvent> {
  const { clock } = settings;
  const isOver = (): boolean => signal.aborted;
  const response = new Map<string, string>();
  const granted = new Set<string>();
  let version: string | undefined;
  let failures = 0;
  let refusedSince: number | undefined;
  while (!isOver()) {
    let heard = false;
    let verb: "list" | "watch" = "list";
    const began = clock.now().getTime();
    try {
      if (version === undefined) {
        const all = await listAll(client, target, signal);
        granted.add("list");
        version = all.version;
        remember(response, all.objects);
        yield { kind: "listed", objects: all.objects };
      }
      verb = "watch";
      for await (const event of watchAndRead(client, target, version, response, signal, settings)) {
        heard = true;
        refusedSince = undefined;
        granted.add("watch");
        version = event.version;
        if (event.kind === "forgotten") break;
        if (event.kind === "listed") {
          remember(response, event.objects);
          yield { kind: "listed", objects: event.objects };
        } else if (event.kind !== "bookmark") {
          if (event.kind === "changed") response.set(...identityOf(event.object));
          else response.delete(identityOf(event.object)[0]);
          yield { kind: event.kind, object: event.object };
        }
      }
      const short = clock.now().getTime() - began < SHORT_MS;
      failures = heard && version !== undefined ? 0 : short ? failures + 1 : 0;
    } catch (error) {
      if (isOver()) return;
      if (!isPassing(error, verb, granted)) throw error;
      refusedSince =
        error instanceof UserError && error.code === "GU007" ? (refusedSince ?? began) : undefined;
      if (refusedSince !== undefined && clock.now().getTime() - refusedSince >= settings.refusedMs)
        throw error;
      // On a line that was lost the watch goes on where it was; after a refusal nothing is certain.
      if (!(error instanceof UserError && error.code === "GU005")) version = undefined;
      failures = heard ? 1 : failures + 1;
      yield { kind: "interrupted", message: error.message };
    }
    if (failures > 0) {
      const pause = { firstMs: settings.pauseMs, longestMs: LONGEST_PAUSE_MS, jitter: 0.5 };
      await clock.sleep(pauseAfter(failures, pause), signal);
    }
  }
}

/**
 * Only what somebody has to mend ends a watch: a right that was never there, credentials that nobody
 * renews. Whatever else is odd, such as a page from a gateway or a 401 of an API server that restarts,
 * may pass; who watches sets the limit.
 */
function isPassing(error: unknown, verb: "list" | "watch", granted: ReadonlySet<string>): error is Error {
  if (error instanceof Interruption) return true;
  if (!(error instanceof UserError)) return false;
  switch (error.code) {
    case "GU005":
      return true;
    case "GU007":
    case "GU013":
      return error.retryable === true;
    // A plugin that has worked before may miss the same network that we miss.
    case "GU012":
      return granted.size > 0;
    case "GU008":
      return granted.has(verb);
    default:
      return false;
  }
}

/** By uid, or by name where there is none, the version of each object. */
function identityOf(object: unknown): [string, string] {
  const metadata = at(root("An object of the watch", object), "metadata");
  const uid = at(metadata, "uid");
  return [
    text(isAbsent(uid) ? at(metadata, "name") : uid),
    versionOf(root("An object of the watch", object)),
  ];
}

function remember(response: Map<string, string>, objects: readonly unknown[]): void {
  response.clear();
  for (const object of objects) response.set(...identityOf(object));
}

function differs(response: ReadonlyMap<string, string>, objects: readonly unknown[]): boolean {
  const found = objects.map(identityOf);
  return found.length !== response.size || found.some(([uid, version]) => response.get(uid) !== version);
}

/**
 * A watch, with an ordinary read beside it while it is quiet: a connection that has died without a word
 * looks like one on which nothing happens. Ends after a read that finds something new.
 */
async function* watchAndRead(
  client: ApiClient,
  target: WatchTarget,
  version: string,
  response: ReadonlyMap<string, string>,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<WatchEvent> {
  const { clock, quietMs } = settings;
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const events = watch(client, target, version, stop.signal, settings);
  let next: Promise<IteratorResult<WatchEvent>> | undefined;
  let patience = quietMs;
  try {
    for (;;) {
      next ??= events.next();
      const alarm = new AbortController();
      const quiet =
        patience === undefined ? undefined : clock.sleep(patience, alarm.signal).then(() => "quiet" as const);
      const first = await Promise.race(quiet === undefined ? [next] : [next, quiet]).finally(() =>
        alarm.abort(),
      );
      if (first !== "quiet") {
        next = undefined;
        if (first.done === true) return;
        patience = quietMs;
        yield first.value;
        continue;
      }
      const all = await listAll(client, target, stop.signal);
      if (differs(response, all.objects)) {
        yield { kind: "listed", version: all.version, objects: all.objects };
        return;
      }
      patience = LONGEST_QUIET_MS;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    stop.abort();
    // What the watch says of being stopped is no news.
    next?.catch(() => undefined);
  }
}

async function listAll(client: ApiClient, target: WatchTarget, signal: AbortSignal) {
  const answer = await client.send({ method: "GET", path: target.path, query: target.selector, signal });
  if (answer.kind === "status") throw refused(answer.status, "list", target, client);
  const answered = root(`The list of ${target.asked.resource}`, answer.body);
  try {
    return {
      version: text(at(answered, "metadata", "resourceVersion")),
      objects: list(at(answered, "items")).map(({ value }) => value),
    };
  } catch (error) {
    // JSON of something in between.
    throw error instanceof UserError ? new Interruption(error.message) : error;
  }
}

type WatchEvent =
  | { readonly kind: "changed" | "deleted"; readonly version: string; readonly object: unknown }
  | { readonly kind: "bookmark"; readonly version: string }
  /** Read beside a quiet watch. */
  | { readonly kind: "listed"; readonly version: string; readonly objects: readonly unknown[] }
  /** The server no longer knows the version: list again. */
  | { readonly kind: "forgotten"; readonly version: undefined };

async function* watch(
  client: ApiClient,
  target: WatchTarget,
  version: string,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<WatchEvent> {
  const query = {
    ...target.selector,
    watch: "true",
    resourceVersion: version,
    allowWatchBookmarks: "true",
    timeoutSeconds: String(settings.watchSeconds),
  };
  const idleMs = settings.watchSeconds * 1000 + settings.idleSlackMs;
  const stream = await client.stream({ method: "GET", path: target.path, query, signal }, idleMs);
  if (stream.kind === "status") {
    if (stream.status.code !== 410) throw refused(stream.status, "watch", target, client);
    yield { kind: "forgotten", version: undefined };
    return;
  }
  for await (const value of stream.objects) {
    const event = root(`The watch of ${target.asked.resource}`, value);
    const object = at(event, "object");
    switch (text(at(event, "type"))) {
      case "ADDED":
      case "MODIFIED":
        yield { kind: "changed", version: versionOf(object), object: object.value };
        break;
      case "DELETED":
        yield { kind: "deleted", version: versionOf(object), object: object.value };
        break;
      case "BOOKMARK":
        yield { kind: "bookmark", version: versionOf(object) };
        break;
      case "ERROR":
        if (at(object, "code").value !== 410) {
          throw new Interruption(prose(at(object, "message")) || "the server ended the watch with an error");
        }
        yield { kind: "forgotten", version: undefined };
        return;
    }
  }
}

function versionOf(object: Field): string {
  return text(at(object, "metadata", "resourceVersion"));
}

function refused(status: ApiStatus, verb: "list" | "watch", target: WatchTarget, client: ApiClient): Error {
  const failure = statusFailure(status, { ...target.asked, verb }, client.connection);
  return failure.code === "GU008" ? failure : new Interruption(failure.message);
}
