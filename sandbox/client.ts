/** A small client of a Kubernetes API server: JSON over HTTPS, one connection pool, watches that go on. */
import { type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
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

export type PatchType = "merge" | "strategic" | "json";

export interface List {
  readonly items: readonly JsonMap[];
  readonly resourceVersion: string;
}

export type WatchEvent =
  /** All there is: at first, and again after the line was down too long to resume. */
  | { readonly kind: "listed"; readonly items: readonly JsonMap[] }
  | { readonly kind: "added" | "modified" | "deleted"; readonly object: JsonMap };

/** Paths are those of the API, such as `/api/v1/nodes/n1`. */
export interface Client {
  readonly url: string;
  get(path: string): Promise<JsonMap>;
  list(path: string): Promise<List>;
  /** Until the signal; over lost connections and expired resource versions. */
  watch(path: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  create(path: string, body: JsonObject, options?: WriteOptions): Promise<JsonMap>;
  patch(path: string, type: PatchType, body: unknown, options?: WriteOptions): Promise<JsonMap>;
  put(path: string, body: JsonObject, options?: WriteOptions): Promise<JsonMap>;
  delete(path: string): Promise<JsonMap>;
  /** Ends the idle connections; those in use end with what they serve. */
  close(): void;
}

/** The API server's refusal, from its Status object. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

export function isApiError(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

const PATCH_CONTENT_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;

const RECONNECT_MS = 250;

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export function connect(options: ConnectOptions): Client {
  const base = options.url.replace(/\/+$/, "");
  const agent = new Agent({
    keepAlive: true,
    ca: options.ca,
    cert: options.clientCert,
    key: options.clientKey,
  });
  const headers: Record<string, string> = {
    accept: "application/json",
    "user-agent": options.userAgent ?? "pulumi-gardener-sandbox",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };

  function open(call: Call): Promise<IncomingMessage> {
    const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${base}${call.path}`,
        {
          method: call.method,
          agent,
          headers: {
            ...headers,
            ...(payload === undefined
              ? {}
              : {
                  "content-type": call.contentType ?? "application/json",
                  "content-length": Buffer.byteLength(payload),
                }),
          },
        },
        resolve,
      );
      // Not the option `signal`: its error would reach a stream that nobody reads at that moment.
      const cancel = (): void => {
        outgoing.destroy();
      };
      call.signal?.addEventListener("abort", cancel, { once: true });
      if (call.signal?.aborted === true) cancel();
      outgoing.on("close", () => call.signal?.removeEventListener("abort", cancel));
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  async function send(call: Call): Promise<JsonMap> {
    const answer = await open(call);
    const body = await bodyOf(answer);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return body;
    throw refusal(status, body);
  }

  async function list(path: string): Promise<List> {
    const body = await send({ method: "GET", path });
    return {
      items: mapsAt(body, "items"),
      resourceVersion: textAt(body, "metadata", "resourceVersion"),
    };
  }

  /** One connection of a watch: events until it ends; returns where to resume, undefined where nothing can be. */
  async function* stream(
    path: string,
    from: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent, string | undefined> {
    let resourceVersion = from;
    const query = new URLSearchParams({ watch: "1", allowWatchBookmarks: "true", resourceVersion });
    const answer = await open({ method: "GET", path: withQuery(path, query), signal });
    const status = answer.statusCode ?? 0;
    if (status === 410) {
      answer.resume();
      return undefined;
    }
    if (status !== 200) throw refusal(status, await bodyOf(answer));
    for await (const line of lines(answer)) {
      const event = parse(line);
      const type = text(event.type);
      // An error in a watch means that it cannot be resumed from here, most often 410 Gone.
      if (type === "ERROR") {
        answer.destroy();
        return undefined;
      }
      const seen = map(event.object);
      resourceVersion = textAt(seen, "metadata", "resourceVersion") || resourceVersion;
      if (type === "ADDED") yield { kind: "added", object: seen };
      if (type === "MODIFIED") yield { kind: "modified", object: seen };
      if (type === "DELETED") yield { kind: "deleted", object: seen };
    }
    return resourceVersion;
  }

  async function* watch(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    let resourceVersion: string | undefined;
    const calledOff = (): boolean => signal.aborted;
    while (!calledOff()) {
      let quiet = true;
      try {
        if (resourceVersion === undefined) {
          const all = await list(path);
          resourceVersion = all.resourceVersion;
          yield { kind: "listed", items: all.items };
        }
        const connection: AsyncGenerator<WatchEvent, string | undefined> = stream(
          path,
          resourceVersion,
          signal,
        );
        let next = await connection.next();
        while (next.done !== true) {
          if (next.value.kind !== "listed") {
            resourceVersion = textAt(next.value.object, "metadata", "resourceVersion") || resourceVersion;
          }
          quiet = false;
          yield next.value;
          next = await connection.next();
        }
        resourceVersion = next.value;
        // A server that ends every watch at once is not to be asked without a breath.
        if (quiet) await systemClock.sleep(RECONNECT_MS, signal);
      } catch (error) {
        if (calledOff()) return;
        // Refused credentials do not mend by asking again.
        if (isApiError(error, 401) || isApiError(error, 403)) throw error;
        await systemClock.sleep(RECONNECT_MS, signal);
      }
    }
  }

  return {
    url: base,
    get: (path) => send({ method: "GET", path }),
    list,
    watch,
    create: (path, body, write) => send({ method: "POST", path: withQuery(path, writeQuery(write)), body }),
    patch: (path, type, body, write) =>
      send({
        method: "PATCH",
        path: withQuery(path, writeQuery(write)),
        body,
        contentType: PATCH_CONTENT_TYPES[type],
      }),
    put: (path, body, write) => send({ method: "PUT", path: withQuery(path, writeQuery(write)), body }),
    delete: (path) => send({ method: "DELETE", path }),
    close: () => {
      agent.destroy();
    },
  };
}

function writeQuery(options: WriteOptions = {}): URLSearchParams {
  const query = new URLSearchParams();
  if (options.dryRun === true) query.set("dryRun", "All");
  if (options.fieldManager !== undefined) query.set("fieldManager", options.fieldManager);
  return query;
}

function withQuery(path: string, query: URLSearchParams): string {
  if (query.size === 0) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${query.toString()}`;
}

function refusal(status: number, body: JsonMap): ApiError {
  return new ApiError(
    number(body.code) ?? status,
    text(body.reason) || "Unknown",
    text(body.message) || `the server answered with status ${String(status)}`,
  );
}

async function bodyOf(answer: IncomingMessage): Promise<JsonMap> {
  answer.setEncoding("utf8");
  let whole = "";
  for await (const part of answer) whole += String(part);
  return parse(whole);
}

/** Whatever is no JSON object reads as an empty one: a proxy's error page has nothing to tell a client. */
function parse(body: string): JsonMap {
  try {
    const value: unknown = JSON.parse(body);
    return isJson(value) ? map(value) : {};
  } catch {
    return {};
  }
}

async function* lines(answer: IncomingMessage): AsyncGenerator<string> {
  // A connection that breaks between two reads is noticed at the next one.
  answer.on("error", () => undefined);
  answer.setEncoding("utf8");
  let rest = "";
  for await (const part of answer) {
    const pieces = (rest + String(part)).split("\n");
    rest = pieces.pop() ?? "";
    for (const line of pieces) if (line.trim() !== "") yield line;
  }
}
