/** Watches: a line of JSON for each event, until the client, the time limit or the server ends it. */
import type { ServerResponse } from "node:http";
import { type JsonMap, textAt } from "../json";
import { expired } from "./failure";
import { apiVersion, type Resource } from "./resource";
import type { Matches } from "./selectors";
import type { Change, Store } from "./store";

export interface WatchCall {
  readonly resource: Resource;
  /** Absent: of all namespaces. */
  readonly namespace?: string;
  readonly matches: Matches;
  /** "" or "0": begins with the present objects. */
  readonly resourceVersion: string;
  readonly bookmarks: boolean;
  readonly timeoutSeconds?: number;
  /** How objects are shown: as they are, or as rows of a table. */
  readonly render: (object: JsonMap) => JsonMap;
}

export type Watches = ReturnType<typeof createWatches>;

const BOOKMARK_MS = 60_000;
/** The API server's default is half an hour to an hour. */
const LONGEST_SECONDS = 45 * 60;

export function createWatches(store: Store) {
  const open = new Set<ServerResponse>();

  /** A resource version that is too old is the stream's only event. */
  function watch(call: WatchCall, response: ServerResponse): void {
    const { resource, matches } = call;
    const from = Number(call.resourceVersion || "0");
    const send = (type: string, object: JsonMap) => response.write(`${JSON.stringify({ type, object })}\n`);
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
    // The client learns of the stream before its first event.
    response.flushHeaders();
    if (from > 0 && from < store.oldest) {
      send("ERROR", expired(from, store.oldest).status);
      response.end();
      return;
    }
    const bookmark = () => {
      const resourceVersion = String(store.resourceVersion);
      const metadata = { resourceVersion, creationTimestamp: null };
      send("BOOKMARK", { kind: resource.kind, apiVersion: apiVersion(resource), metadata });
    };
    const isRelevant = (change: Change) =>
      change.resource === resource &&
      (call.namespace === undefined || textAt(change.object, "metadata", "namespace") === call.namespace);
    const show = (change: Change) => {
      const event = isRelevant(change) ? eventOf(change, matches) : undefined;
      if (event !== undefined) send(event, call.render(change.object));
    };

    if (from === 0) {
      const present = store.list(resource, call.namespace).filter(matches);
      for (const object of present) send("ADDED", call.render(object));
    } else for (const change of store.since(from)) show(change);
    const removeListener = store.onChange(show);
    const seconds = Math.min(call.timeoutSeconds ?? LONGEST_SECONDS, LONGEST_SECONDS);
    const regularly = call.bookmarks ? setInterval(bookmark, BOOKMARK_MS) : undefined;
    const stop = () => {
      removeListener();
      clearInterval(regularly);
    };
    const limit = setTimeout(() => {
      if (call.bookmarks) bookmark();
      // The connection closes a moment after its end: later events cannot be sent any more.
      stop();
      response.end();
    }, seconds * 1000);
    open.add(response);
    response.on("close", () => {
      stop();
      clearTimeout(limit);
      open.delete(response);
    });
  }

  return {
    open: watch,
    /** Ends all connections, as a proxy or a restart does. */
    drop(): void {
      for (const response of [...open]) response.destroy();
    },
  };
}

/** For a selector an object is added when it begins to match, and deleted when it ceases to. */
function eventOf(change: Change, matches: Matches): Change["type"] | undefined {
  const now = change.type !== "DELETED" && matches(change.object);
  const before = change.previous !== undefined && matches(change.previous);
  if (now) return before ? "MODIFIED" : "ADDED";
  return before ? "DELETED" : undefined;
}
