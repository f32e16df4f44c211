/** One exchange on node:https: a deadline, an end on the caller's signal, and a body that is read as it comes. */
import type { IncomingMessage } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";

export interface RequestScope {
  readonly signal: AbortSignal;
  /** The time that may pass from now on; undefined: any. */
  limit(ms: number | undefined): void;
  end(): void;
}

/** Why an exchange that we cut off has ended. */
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
  let end: (() => void) | undefined;
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { ...options, signal }, resolve);
      sent.on("error", reject);
      // Node itself tells of it only once the request has got a connection, for which it may have to wait.
      end = () => reject(toError(signal.reason));
      signal.addEventListener("abort", end, { once: true });
      sent.end(body);
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    if (end !== undefined) signal.removeEventListener("abort", end);
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/**
 * A write gets a connection of its own: on one that was kept, a server that just closes it leaves
 * open whether the write arrived. So does a watch, which would keep one from the requests.
 */
export function onOwnConnection(options: RequestOptions): RequestOptions {
  const kept = options.agent instanceof Agent && options.agent.options.keepAlive === true;
  return kept ? { ...options, agent: false } : options;
}

/** Chunks of the body; what cut it off is thrown as its own reason, not as Node's "aborted". */
export async function* chunks(answer: IncomingMessage, scope: RequestScope): AsyncGenerator<string> {
  answer.setEncoding("utf8");
  try {
    for await (const chunk of answer) yield String(chunk);
  } catch (error) {
    throw scope.signal.aborted ? scope.signal.reason : error;
  } finally {
    answer.destroy();
  }
}

export async function readAll(answer: IncomingMessage, scope: RequestScope): Promise<string> {
  let whole = "";
  for await (const chunk of chunks(answer, scope)) whole += chunk;
  return whole;
}

/** One JSON text a line, as a watch sends them; a line that is cut off at the end is dropped. */
export async function* lines(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of parts) {
    const pieces = (rest + part).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) if (piece.trim() !== "") yield piece;
  }
}
