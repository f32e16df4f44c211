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
  /** The client requests the present objects and a bookmark after them. */
  readonly initialEvents: boolean;
  readonly timeoutSeconds?: number;
  /** How objects are shown: as they are, or as rows of a table. */
  readonly render: (object: JsonMap) => JsonMap;
}

export interface Watches {
  /** A resource version that is too old is the stream's only event. */
  open(call: WatchCall, response: ServerResponse): void;
  /** Ends all connections, as a proxy or a restart does. */
  drop(): void;
  readonly count: number;
}

const BOOKMARK_MS = 60_000;
/** The API server's default is half an hour to an hour. */
const LONGEST_SECONDS = 45 * 60;

export function createWatches(store: Store): Watches {
  const open = new Set<() => void>();

  function watch(call: WatchCall, response: ServerResponse): void {
    const from = Number(call.resourceVersion || "0");
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
    // The client learns of the stream before its first event.
    response.flushHeaders();
    if (from > 0 && from < store.oldest) {
      response.end(`${JSON.stringify({ type: "ERROR", object: expired(from, store.oldest).status })}\n`);
      return;
    }
    const send = (type: string, object: JsonMap) => response.write(`${JSON.stringify({ type, object })}\n`);
    const bookmark = (annotations?: JsonMap) =>
      send("BOOKMARK", {
        kind: call.resource.kind,
        apiVersion: apiVersion(call.resource),
        metadata: {
          resourceVersion: String(store.resourceVersion),
          creationTimestamp: null,
          ...(annotations === undefined ? {} : { annotations }),
        },
      });
    const isRelevant = (change: Change) =>
      change.resource === call.resource &&
      (call.namespace === undefined || textAt(change.object, "metadata", "namespace") === call.namespace);
    const show = (change: Change) => {
      const event = isRelevant(change) ? eventOf(change, call.matches) : undefined;
      if (event !== undefined) send(event, call.render(change.object));
    };

    if (from === 0 || call.initialEvents) {
      for (const object of store.list(call.resource, call.namespace)) {
        if (call.matches(object)) send("ADDED", call.render(object));
      }
      if (call.initialEvents) bookmark({ "k8s.io/initial-events-end": "true" });
    } else {
      for (const change of store.since(from)) show(change);
    }
    const forget = store.onChange(show);
    const seconds = Math.min(call.timeoutSeconds ?? LONGEST_SECONDS, LONGEST_SECONDS);
    const regularly = call.bookmarks ? setInterval(() => bookmark(), BOOKMARK_MS) : undefined;
    const limit = setTimeout(() => {
      if (call.bookmarks) bookmark();
      // The connection closes a moment after its end: later events cannot be sent any more.
      forget();
      clearInterval(regularly);
      response.end();
    }, seconds * 1000);
    const cut = () => response.destroy();
    open.add(cut);
    response.on("close", () => {
      forget();
      clearInterval(regularly);
      clearTimeout(limit);
      open.delete(cut);
    });
  }

  return {
    open: watch,
    drop() {
      for (const cut of [...open]) cut();
    },
    get count() {
      return open.size;
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
