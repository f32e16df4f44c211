/** A minimal client: it returns refusals and does not throw them. */
import { request } from "node:https";
import { Agent } from "node:https";
import type { IncomingMessage } from "node:http";

export type JsonValue = unknown;

export interface Answer {
  readonly code: number;
  readonly body: Body;
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[];
}

/** Reads a body of unknown shape; what is absent is `undefined`. */
export interface Body {
  readonly raw: JsonValue;
  at(...path: readonly (string | number)[]): JsonValue;
  text(...path: readonly (string | number)[]): string;
  list(...path: readonly (string | number)[]): readonly Body[];
}

export interface Credentials {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  readonly key?: string;
}

export type PatchType = "json" | "merge" | "strategic";

export interface Api {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: JsonValue): Promise<Answer>;
  put(path: string, body: JsonValue): Promise<Answer>;
  patch(path: string, type: PatchType, body: JsonValue): Promise<Answer>;
  delete(path: string, body?: JsonValue): Promise<Answer>;
  watch(path: string): Promise<WatchStream>;
  close(): void;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: Body;
}

export interface WatchStream {
  readonly code: number;
  /** The next event that is awaited; `undefined` when the server has ended the stream. */
  next(): Promise<WatchEvent | undefined>;
  close(): void;
}

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

export function api(url: string, ca: string, credentials: Credentials): Api {
  const agent = new Agent({ ca, cert: credentials.certificate, key: credentials.key, keepAlive: true });

  function open(
    method: string,
    path: string,
    body: JsonValue,
    headers: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { token } = credentials;
    return new Promise((resolve, reject) => {
      const call = request(
        `${url}${path}`,
        {
          method,
          agent,
          headers: {
            accept: "application/json",
            "user-agent": "contract/1.0",
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(payload === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        resolve,
      );
      call.on("error", reject).end(payload);
    });
  }

  async function send(
    method: string,
    path: string,
    body?: JsonValue,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await open(method, path, body, headers);
    response.setEncoding("utf8");
    let whole = "";
    for await (const part of response) whole += String(part);
    return { code: response.statusCode ?? 0, body: bodyOf(parse(whole)), warnings: warningsOf(response) };
  }

  return {
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    patch: (path, type, body) => send("PATCH", path, body, { "content-type": PATCH_TYPES[type] }),
    delete: (path, body) => send("DELETE", path, body),
    async watch(path) {
      const response = await open("GET", path, undefined, {});
      return stream(response);
    },
    close() {
      agent.destroy();
    },
  };
}

function stream(response: IncomingMessage): WatchStream {
  const lines = linesOf(response);
  return {
    code: response.statusCode ?? 0,
    async next() {
      const line = await lines.next();
      if (line.done === true) return undefined;
      const event = bodyOf(parse(line.value));
      return { type: event.text("type"), object: bodyOf(event.at("object")) };
    },
    close() {
      response.destroy();
    },
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, void> {
  response.setEncoding("utf8");
  let rest = "";
  for await (const part of response) {
    const pieces = (rest + String(part)).split("\n");
    rest = pieces.pop() ?? "";
    yield* pieces.filter((piece) => piece !== "");
  }
}

/** Node joins headers of one name with commas; the texts are in quotes. */
function warningsOf(response: IncomingMessage): string[] {
  const whole = [response.headers.warning ?? ""].flat().join(", ");
  return [...whole.matchAll(/299 (?:-|\S+) ("(?:[^"\\]|\\.)*")/g)].map((match) =>
    String(parse(match[1] ?? '""')),
  );
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function bodyOf(raw: JsonValue): Body {
  const at = (...path: readonly (string | number)[]): JsonValue => {
    let found: JsonValue = raw;
    for (const step of path) {
      found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined;
    }
    return found;
  };
  return {
    raw,
    at,
    text: (...path) => {
      const found = at(...path);
      return typeof found === "string" ? found : "";
    },
    list: (...path) => {
      const found = at(...path);
      return Array.isArray(found) ? found.map(bodyOf) : [];
    },
  };
}

/** A copy of an object's fields, to send it back changed. */
export function fieldsOf(value: JsonValue): Record<string, JsonValue> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
