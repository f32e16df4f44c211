/** One exchange on node:https, with a deadline, the caller's signal, and a body that is read as it arrives. */
import type { IncomingMessage } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export interface RequestScope {
  readonly signal: AbortSignal;
  /** The time until the exchange is aborted, from now on; undefined: no limit. */
  limit(ms: number | undefined): void;
  end(): void;
}

/** Why an exchange was aborted. */
export class TimeoutFailure extends Error {
  readonly seconds: number;

  constructor(ms: number) {
    super(`no answer within ${Math.round(ms / 1000)} s`);
    this.name = "TimeoutFailure";
    this.seconds = Math.round(ms / 1000);
  }
}

export function createRequestScope(outer: AbortSignal | undefined): RequestScope {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  outer?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    limit(ms) {
      clearTimeout(timer);
      if (ms !== undefined) timer = setTimeout(() => controller.abort(new TimeoutFailure(ms)), ms);
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    },
  };
}

/** Resolves with the head of the answer. */
export async function exchange(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
  scope: RequestScope,
): Promise<IncomingMessage> {
  const { signal } = scope;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { ...options, signal }, resolve);
      sent.on("error", reject);
      // Node emits the error only once the request has a connection, for which it may have to wait.
      onAbort = () => reject(toError(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      sent.end(body);
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/**
 * For a write: when the server closes a connection that was kept, it is not known whether the write
 * arrived. For a watch: it would take a kept connection from the requests for as long as it is open.
 */
export function onOwnConnection(options: RequestOptions): RequestOptions {
  const kept = options.agent instanceof Agent && options.agent.options.keepAlive === true;
  return kept ? { ...options, agent: false } : options;
}

/** Chunks of the body. An abort is thrown as its own reason, not as Node's "aborted". */
export async function* chunks(answer: IncomingMessage, scope: RequestScope): AsyncGenerator<string> {
  const body = decompressed(answer);
  body.setEncoding("utf8");
  try {
    for await (const chunk of body) yield String(chunk);
  } catch (error) {
    throw scope.signal.aborted ? scope.signal.reason : error;
  } finally {
    answer.destroy();
  }
}

function decompressed(answer: IncomingMessage): Readable {
  if (answer.headers["content-encoding"] !== "gzip") return answer;
  // An error of either is thrown to whoever reads.
  return pipeline(answer, createGunzip(), () => undefined);
}

export async function readAll(answer: IncomingMessage, scope: RequestScope): Promise<string> {
  let whole = "";
  for await (const chunk of chunks(answer, scope)) whole += chunk;
  return whole;
}

/** One JSON text a line, as a watch sends them; an incomplete line at the end is dropped. */
export async function* lines(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of parts) {
    const pieces = (rest + part).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) if (piece.trim() !== "") yield piece;
  }
}
