/**
 * List, then watch, and again over whatever comes between: connections that are lost, a server that
 * has forgotten the version one asks from (410), credentials that expire.
 */
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import { at, list, prose, root, text, type Field } from "../field";
import type { ApiClient } from "./client";
import { statusFailure, type Asked } from "./failure";
import type { ApiStatus } from "./status";

export type Followed =
  /** All objects there are; what was told before no longer counts. */
  | { readonly kind: "listed"; readonly objects: readonly unknown[] }
  | { readonly kind: "changed"; readonly object: unknown }
  | { readonly kind: "deleted"; readonly object: unknown }
  | { readonly kind: "interrupted"; readonly message: string };

export interface Target {
  readonly path: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly asked: Omit<Asked, "verb">;
}

export interface FollowSettings {
  readonly clock: Clock;
  /** The server ends a watch after this time, and one that has been silent for longer is dead. */
  readonly watchSeconds: number;
  readonly idleSlackMs: number;
  /** The pause after the first interruption; it doubles up to half a minute. */
  readonly pauseMs: number;
}

export const defaultFollowSettings = { watchSeconds: 120, idleSlackMs: 15_000, pauseMs: 500 } as const;

const LONGEST_PAUSE_MS = 30_000;
/** A watch that ends sooner without a word counts as a failure, or we would ask in a busy loop. */
const SHORT_MS = 5_000;

/** The line or the server, not what we asked: worth another attempt. */
class Interruption extends Error {}

export async function* follow(
  client: ApiClient,
  target: Target,
  signal: AbortSignal,
  settings: FollowSettings,
): AsyncGenerator<Followed> {
  const { clock } = settings;
  const isOver = (): boolean => signal.aborted;
  let version: string | undefined;
  let failures = 0;
  let listedOnce = false;
  while (!isOver()) {
    let heard = false;
    const began = clock.now().getTime();
    try {
      if (version === undefined) {
        const all = await listAll(client, target, signal);
        version = all.version;
        listedOnce = true;
        yield { kind: "listed", objects: all.objects };
      }
      for await (const event of watch(client, target, version, signal, settings)) {
        heard = true;
        version = event.version;
        if (event.kind === "forgotten") break;
        if (event.kind !== "bookmark") yield { kind: event.kind, object: event.object };
      }
      const short = clock.now().getTime() - began < SHORT_MS;
      failures = heard && version !== undefined ? 0 : short ? failures + 1 : 0;
    } catch (error) {
      if (isOver()) return;
      if (!isPassing(error, listedOnce)) throw error;
      failures = heard ? 1 : failures + 1;
      yield { kind: "interrupted", message: error.message };
    }
    if (failures > 0) await clock.sleep(pauseAfter(failures, settings), signal);
  }
}

function isPassing(error: unknown, listedOnce: boolean): error is Error {
  if (error instanceof Interruption) return true;
  if (!(error instanceof UserError)) return false;
  // A plugin that has worked before may miss the same network that we miss.
  return error.code === "GU005" || (error.code === "GU012" && listedOnce);
}

function pauseAfter(failures: number, settings: FollowSettings): number {
  const ms = settings.pauseMs * 2 ** Math.min(failures - 1, 10) * (1 + Math.random() / 2);
  return Math.min(ms, LONGEST_PAUSE_MS);
}

async function listAll(client: ApiClient, target: Target, signal: AbortSignal) {
  const answer = await client.send({ method: "GET", path: target.path, query: target.selector, signal });
  if (answer.kind === "status") throw refused(answer.status, "list", target, client);
  const answered = root(`The list of ${target.asked.resource}`, answer.body);
  return {
    version: text(at(answered, "metadata", "resourceVersion")),
    objects: list(at(answered, "items")).map(({ value }) => value),
  };
}

type WatchEvent =
  | { readonly kind: "changed" | "deleted"; readonly version: string; readonly object: unknown }
  | { readonly kind: "bookmark"; readonly version: string }
  /** The server no longer knows the version: list again. */
  | { readonly kind: "forgotten"; readonly version: undefined };

async function* watch(
  client: ApiClient,
  target: Target,
  version: string,
  signal: AbortSignal,
  settings: FollowSettings,
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

function refused(status: ApiStatus, verb: "list" | "watch", target: Target, client: ApiClient): Error {
  const failure = statusFailure(status, { ...target.asked, verb }, client.connection);
  return status.code >= 500 ? new Interruption(failure.message) : failure;
}
