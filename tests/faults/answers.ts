/** How a fault appears on the connection. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastClock } from "./clock";
import type { Fault } from "./faults";

export interface Answered {
  readonly code: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Answers {
  /** False: the request has to be forwarded. */
  instead(fault: Fault, url: string, reply: ServerResponse): boolean;
  /** The garden's answer, or what the fault makes of it. */
  give(fault: Fault | undefined, url: string, answer: Answered, reply: ServerResponse): void;
  watch(fault: Fault | undefined, answer: IncomingMessage, reply: ServerResponse): void;
}

const PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>";

export function createAnswers(parts: {
  readonly clock: FastClock;
  readonly upstream: { refusal(code: number): string };
}): Answers {
  const { clock, upstream } = parts;
  /** The first answer to each read since it was last injected. */
  const earlier = new Map<string, Answered>();

  function status(fault: Fault & { kind: "status" }, reply: ServerResponse): void {
    const { code, body, retryAfter } = fault;
    const content = body === "native" ? upstream.refusal(code) : body === "page" ? PAGE : "";
    reply.writeHead(code, {
      "content-type": body === "native" ? "application/json" : "text/html",
      "content-length": Buffer.byteLength(content),
      date: clock.now().toUTCString(),
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    });
    reply.end(content);
  }

  function whole({ code, headers, body }: Answered, reply: ServerResponse): void {
    reply.writeHead(code, kept(headers, body));
    reply.end(body);
  }

  /** By the garden's clock, which runs ahead of Node's; without what belongs to the connection. */
  function kept(headers: readonly string[], body: string): string[] {
    const left: string[] = [
      "date",
      clock.now().toUTCString(),
      "content-length",
      String(Buffer.byteLength(body)),
    ];
    for (let index = 0; index + 1 < headers.length; index += 2) {
      const [name = "", value = ""] = [headers[index], headers[index + 1]];
      if (!/^(date|content-length|connection|keep-alive|transfer-encoding)$/i.test(name))
        left.push(name, value);
    }
    return left;
  }

  return {
    instead(fault, url, reply) {
      switch (fault.kind) {
        case "status":
          if (fault.forwarded) return false;
          status(fault, reply);
          return true;
        case "reset":
          if (fault.forwarded) return false;
          reply.socket?.destroy();
          return true;
        case "noAnswer":
          return !fault.forwarded;
        case "stale": {
          const old = earlier.get(url);
          if (old === undefined) return false;
          whole(old, reply);
          return true;
        }
        default:
          return false;
      }
    },
    give(fault, url, answer, reply) {
      if (answer.code === 200 && !earlier.has(url)) earlier.set(url, answer);
      switch (fault?.kind) {
        case "status":
          return status(fault, reply);
        case "reset":
          reply.socket?.destroy();
          return;
        case "noAnswer":
          return;
        case "cutShort": {
          reply.writeHead(answer.code, kept(answer.headers, answer.body));
          const part = answer.body.slice(0, Math.floor(answer.body.length * fault.share));
          // A head alone is only sent when it is flushed.
          reply.flushHeaders();
          reply.write(part, () => setImmediate(() => reply.socket?.destroy()));
          return;
        }
        default:
          return whole(answer, reply);
      }
    },
    watch(fault, answer, reply) {
      reply.writeHead(200, { "content-type": "application/json", date: clock.now().toUTCString() });
      reply.flushHeaders();
      const end = eventsLeft(fault);
      let events = 0;
      let rest = "";
      const over = (): boolean => events >= end;
      const finish = (): void => {
        answer.destroy();
        if (fault?.kind === "watchSilent") return;
        if (fault?.kind === "watchError") reply.write(`${errorEvent(fault.code)}\n`);
        reply.end();
      };
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        const pieces = (rest + chunk).split("\n");
        rest = pieces.pop() ?? "";
        for (const piece of pieces) {
          if (over()) return;
          reply.write(`${piece}\n`);
          events += 1;
          if (over()) finish();
        }
      });
      answer.on("end", () => reply.end());
      answer.on("error", () => fault?.kind !== "watchSilent" && reply.socket?.destroy());
      reply.on("close", () => answer.destroy());
      if (over()) finish();
    },
  };
}

function eventsLeft(fault: Fault | undefined): number {
  const plays =
    fault?.kind === "watchClosed" || fault?.kind === "watchSilent" || fault?.kind === "watchError";
  return plays ? fault.events : Infinity;
}

function errorEvent(code: number): string {
  const reason = code === 410 ? "Expired" : "InternalError";
  const message = code === 410 ? "too old resource version: 1 (2)" : "an error on the server";
  const object = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
  return JSON.stringify({ type: "ERROR", object });
}
