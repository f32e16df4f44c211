/** A small client of a Kubernetes API server: JSON over HTTPS, one connection pool, watches that resume. */
import { type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text as readAll } from "node:stream/consumers";
import { systemClock } from "../provider/model/clock";
import { isJson, type JsonMap, map, mapsAt, number, text, textAt } from "./json";

/** What a write sends. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ConnectOptions {
  readonly url: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly token?: string;
  /** PEM, as an alternative to a token. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly userAgent?: string;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface List {
  readonly items: readonly JsonMap[];
  readonly resourceVersion: string;
}

export type WatchEvent =
  /** All objects: at first, and again after the connection was lost for too long to resume. */
  | { readonly kind: "listed"; readonly items: readonly JsonMap[] }
  | { readonly kind: "added" | "modified" | "deleted"; readonly object: JsonMap };

/** The API server's refusal, from its Status object. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export function isApiError(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

const PATCH_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;

const EVENT_KINDS: Readonly<Record<string, "added" | "modified" | "deleted" | undefined>> = {
  ADDED: "added",
  MODIFIED: "modified",
  DELETED: "deleted",
};

const RECONNECT_MS = 250;

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export type Client = ReturnType<typeof connect>;

/** Paths are those of the API, such as `/api/v1/nodes/n1`. */
export function connect(options: ConnectOptions) {
  const url = options.url.replace(/\/+$/, "");
  const { ca, clientCert: cert, clientKey: key, token } = options;
  const agent = new Agent({ keepAlive: true, ca, cert, key });
  const common: Record<string, string> = {
    accept: "application/json",
    "user-agent": options.userAgent ?? "pulumi-gardener-sandbox",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  function open(call: Call): Promise<IncomingMessage> {
    const { method, body, contentType = "application/json", signal } = call;
    const target = new URL(`${url}${call.path}`);
    call.query?.forEach((value, name) => {
      target.searchParams.append(name, value);
    });
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? common : { ...common, "content-type": contentType };
      const outgoing = request(target, { method, agent, headers }, resolve);
      // Not the option `signal`: its error would reach a stream without a reader.
      const cancel = () => void outgoing.destroy();
      signal?.addEventListener("abort", cancel, { once: true });
      if (signal?.aborted === true) cancel();
      outgoing.on("close", () => signal?.removeEventListener("abort", cancel));
      outgoing.on("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function send(call: Call): Promise<JsonMap> {
    const answer = await open(call);
    return accepted(answer, parse(await readAll(answer)));
  }

  async function list(path: string): Promise<List> {
    const body = await send({ method: "GET", path });
    return { items: mapsAt(body, "items"), resourceVersion: versionOf(body) };
  }

  /** One connection of a watch: its events until it ends. */
  async function* stream(path: string, resourceVersion: string, signal: AbortSignal) {
    const query = new URLSearchParams({ watch: "1", allowWatchBookmarks: "true", resourceVersion });
    const answer = await open({ method: "GET", path, query, signal });
    if (answer.statusCode !== 200) accepted(answer, parse(await readAll(answer)));
    // A connection that breaks between two reads is noticed at the next one.
    answer.on("error", () => undefined);
    answer.setEncoding("utf8");
    let rest = "";
    for await (const part of answer) {
      const lines = (rest + String(part)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield parse(line);
    }
  }

  /** Until the signal; over lost connections and expired resource versions. */
  async function* watch(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    /** From where to resume; "" where that is not possible. */
    let resourceVersion = "";
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      const before = resourceVersion;
      try {
        if (resourceVersion === "") {
          const all = await list(path);
          resourceVersion = all.resourceVersion;
          yield { kind: "listed", items: all.items };
        }
        for await (const event of stream(path, resourceVersion, signal)) {
          const object = map(event.object);
          // An error in a watch means that it cannot be resumed from here, most often 410 Gone.
          resourceVersion = event.type === "ERROR" ? "" : versionOf(object) || resourceVersion;
          if (resourceVersion === "") break;
          const kind = EVENT_KINDS[text(event.type)];
          if (kind !== undefined) yield { kind, object };
        }
      } catch (error) {
        if (isStopped()) return;
        // A further attempt with refused credentials would be refused as well.
        if (isApiError(error, 401) || isApiError(error, 403)) throw error;
        if (isApiError(error, 410)) resourceVersion = "";
      }
      // A server that ends every watch at once must not be called without a pause.
      if (resourceVersion === before) await systemClock.sleep(RECONNECT_MS, signal);
    }
  }

  function write(call: Call, { dryRun, fieldManager }: WriteOptions = {}): Promise<JsonMap> {
    const query = new URLSearchParams();
    if (dryRun === true) query.set("dryRun", "All");
    if (fieldManager !== undefined) query.set("fieldManager", fieldManager);
    return send({ ...call, query });
  }

  return {
    url,
    get: (path: string) => send({ method: "GET", path }),
    list,
    watch,
    create: (path: string, body: JsonObject, options?: WriteOptions) =>
      write({ method: "POST", path, body }, options),
    patch: (path: string, type: keyof typeof PATCH_TYPES, body: unknown, options?: WriteOptions) =>
      write({ method: "PATCH", path, body, contentType: PATCH_TYPES[type] }, options),
    put: (path: string, body: JsonObject, options?: WriteOptions) =>
      write({ method: "PUT", path, body }, options),
    delete: (path: string) => send({ method: "DELETE", path }),
    /** Closes all connections. */
    close(): void {
      agent.destroy();
    },
  };
}

const versionOf = (object: JsonMap): string => textAt(object, "metadata", "resourceVersion");

/** The body, or the refusal that it describes. */
function accepted({ statusCode = 0 }: IncomingMessage, body: JsonMap): JsonMap {
  if (statusCode >= 200 && statusCode < 300) return body;
  const message = text(body.message) || `the server answered with status ${statusCode}`;
  throw new ApiError(number(body.code) ?? statusCode, text(body.reason) || "Unknown", message);
}

/** Whatever is no JSON object, such as a proxy's error page, is read as an empty one. */
function parse(body: string): JsonMap {
  try {
    const value: unknown = JSON.parse(body);
    return isJson(value) ? map(value) : {};
  } catch {
    return {};
  }
}
