/** Decodes what an API server answers. */
import type { IncomingMessage } from "node:http";
import { UserError } from "../../model/problem";
import { laterTurn } from "../../turn";
import type { Connection } from "../connection";
import { connectionFailure } from "./connectionFailure";
import { decodeWarnings, type ApiStatus } from "./status";
import { chunks, lines, readAll, type RequestScope } from "./transport";

export type ApiAnswer =
  | {
      readonly kind: "ok";
      readonly body: unknown;
      readonly warnings: readonly string[];
      /** By the server's clock. */
      readonly date?: Date;
    }
  /** The server does not grant the request; the caller knows what that means. */
  | { readonly kind: "status"; readonly status: ApiStatus };

const NO_CONTENT = 204;

/** Characters of a body that takes some ten milliseconds to parse: a list of hundreds of Shoots. */
const LARGE = 1_000_000;

export function statusCodeOf(answer: IncomingMessage): number {
  return answer.statusCode ?? 0;
}

export function isSuccess(answer: IncomingMessage): boolean {
  const code = statusCodeOf(answer);
  return code >= 200 && code < 300;
}

/** In seconds; dates, which are allowed as well, are not sent by API servers. */
export function retryAfterOf(answer: IncomingMessage): number | undefined {
  const ms = Number(answer.headers["retry-after"]) * 1000;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function decodeSuccess(
  answer: IncomingMessage,
  scope: RequestScope,
  connection: Connection,
  allowText: boolean,
): Promise<ApiAnswer> {
  const type = answer.headers["content-type"] ?? "no content type";
  const content = await readAll(answer, scope);
  const body = parseJson(content) ?? (allowText ? content : undefined);
  if (body === undefined && answer.statusCode !== NO_CONTENT) throw notJson(connection, type);
  // Parsing it has blocked the event loop: timers and requests are served before what follows.
  if (content.length > LARGE) await laterTurn();
  return { kind: "ok", body, warnings: decodeWarnings(answer.rawHeaders), date: dateOf(answer) };
}

/** The objects of a watch as they arrive. Throws where nothing arrives for `idleMs`. */
export async function* decodeStream(
  answer: IncomingMessage,
  scope: RequestScope,
  idleMs: number,
  connection: Connection,
): AsyncGenerator {
  async function* received(): AsyncGenerator<string> {
    for await (const chunk of chunks(answer, scope)) {
      scope.limit(idleMs);
      yield chunk;
    }
  }
  try {
    scope.limit(idleMs);
    for await (const line of lines(received())) {
      const object = parseJson(line);
      if (object === undefined) throw notJson(connection, "in a watch");
      yield object;
    }
  } catch (error) {
    throw connectionFailure(error, connection);
  } finally {
    scope.end();
    answer.destroy();
  }
}

function dateOf({ headers }: IncomingMessage): Date | undefined {
  const date = new Date(headers.date ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function notJson({ server }: Connection, found: string): UserError {
  return new UserError(
    "GU013",
    `The server at ${server.host} sends no JSON (${found}). Check whether ${server.origin} is the address of an API server.`,
    // A gateway on the way answers with a page now and then.
    { retryable: true },
  );
}
