/** One list and one watch request, and the decoding of their answers. */
import { UserError } from "../../model/problem";
import { at, isAbsent, list, prose, root, text, type Field } from "../field";
import type { ApiClient } from "./client";
import { readPages, SMALL_PAGE } from "./pages";
import type { ApiStatus } from "./status";
import { statusFailure, type RequestedRight } from "./statusFailure";

export interface WatchTarget {
  readonly path: string;
  readonly selector: Readonly<Record<string, string>>;
  /** For messages. */
  readonly request: Omit<RequestedRight, "verb">;
}

export type WatchEvent =
  | { readonly kind: "changed" | "deleted"; readonly version: string; readonly object: unknown }
  | { readonly kind: "bookmark"; readonly version: string }
  /** The server no longer has the version (410): list again. */
  | { readonly kind: "expired"; readonly version: undefined };

export interface ObjectList {
  readonly version: string;
  readonly objects: readonly unknown[];
}

/** A failure that may end without anybody's action; then the objects are listed again. */
export class WatchInterruption extends Error {}

export async function listObjects(
  client: ApiClient,
  target: WatchTarget,
  signal: AbortSignal,
): Promise<ObjectList> {
  const request = { path: target.path, query: target.selector, signal };
  const answer = await readPages(client, request, { pageSize: SMALL_PAGE });
  if (answer.kind === "status") throw failureOf(answer.status, "list", target, client);
  if (answer.kind === "tooMany") throw new Error(`There are more than ${answer.objects} objects to watch.`);
  const pages = answer.bodies.map((body) => root(`The list of ${target.request.resource}`, body));
  try {
    const [version = ""] = pages.map((page) => text(at(page, "metadata", "resourceVersion")));
    return { version, objects: pages.flatMap((page) => list(at(page, "items")).map(({ value }) => value)) };
  } catch (error) {
    // JSON of a gateway or a proxy.
    throw error instanceof UserError ? new WatchInterruption(error.message) : error;
  }
}

export interface WatchLimits {
  /** The server ends a watch after this time. */
  readonly watchSeconds: number;
  /** A watch on which nothing arrives for this time longer is aborted. */
  readonly idleSlackMs: number;
}

/** Ends when the server ends the watch. */
export async function* watchObjects(
  client: ApiClient,
  target: WatchTarget,
  version: string,
  signal: AbortSignal,
  { watchSeconds, idleSlackMs }: WatchLimits,
): AsyncGenerator<WatchEvent> {
  const query = {
    ...target.selector,
    watch: "true",
    resourceVersion: version,
    allowWatchBookmarks: "true",
    timeoutSeconds: String(watchSeconds),
  };
  const idleMs = watchSeconds * 1000 + idleSlackMs;
  const stream = await client.stream({ method: "GET", path: target.path, query, signal }, idleMs);
  if (stream.kind === "status") {
    if (stream.status.code !== 410) throw failureOf(stream.status, "watch", target, client);
    yield { kind: "expired", version: undefined };
    return;
  }
  for await (const value of stream.objects) {
    const event = root(`The watch of ${target.request.resource}`, value);
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
          const message = prose(at(object, "message"));
          throw new WatchInterruption(message || "the server ended the watch with an error");
        }
        yield { kind: "expired", version: undefined };
        return;
    }
  }
}

/** By uid, or by name where there is none, the resourceVersion of each object. */
export class ObjectVersions {
  readonly #versions = new Map<string, string>();

  replace(objects: readonly unknown[]): void {
    this.#versions.clear();
    for (const object of objects) this.set(object);
  }

  set(object: unknown): void {
    this.#versions.set(...identityOf(object));
  }

  delete(object: unknown): void {
    this.#versions.delete(identityOf(object)[0]);
  }

  equal(objects: readonly unknown[]): boolean {
    const listed = objects.map(identityOf);
    return (
      listed.length === this.#versions.size &&
      listed.every(([uid, version]) => this.#versions.get(uid) === version)
    );
  }
}

function identityOf(value: unknown): [uid: string, version: string] {
  const object = root("An object of the watch", value);
  const metadata = at(object, "metadata");
  const uid = at(metadata, "uid");
  return [text(isAbsent(uid) ? at(metadata, "name") : uid), versionOf(object)];
}

function versionOf(object: Field): string {
  return text(at(object, "metadata", "resourceVersion"));
}

function failureOf(status: ApiStatus, verb: "list" | "watch", target: WatchTarget, client: ApiClient): Error {
  const failure = statusFailure(status, { ...target.request, verb }, client.connection);
  return failure.missingRight ? failure : new WatchInterruption(failure.message);
}
