/** The HTTP face of Cleura's API: bodies, credentials' headers, what is recorded, what disturbs. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Fault, Recorded } from "../api/server";
import { isJson, type Json } from "../json";
import type { KeyPair } from "../pki";
import { asRefusal, noSuchPath, Refusal } from "./failure";
import type { Answer, Route } from "./routes";

/** A call as it came in. `user` is the login that it names, right or wrong. */
export interface CleuraCall extends Recorded {
  readonly time: Date;
}

export type CleuraInterceptor = (call: CleuraCall) => Promise<Fault | undefined> | Fault | undefined;

export interface ServerParts {
  readonly tls: KeyPair;
  readonly route: Route;
  readonly now: () => Date;
  readonly record: (call: CleuraCall) => void;
  readonly interceptors: ReadonlySet<CleuraInterceptor>;
}

export function createServer(parts: ServerParts): FastifyInstance {
  const server = Fastify({
    https: { cert: parts.tls.certificate, key: parts.tls.key },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });
  // Clients compare it with the times of operations; so it has to be of the same clock.
  server.addHook("onRequest", (_request, reply, done) => {
    void reply.header("date", parts.now().toUTCString());
    done();
  });
  server.setErrorHandler((error, _request, reply) => {
    const refusal = asRefusal(error);
    void reply.code(refusal.code).send(refusal.body);
  });
  server.setNotFoundHandler(() => {
    throw noSuchPath();
  });
  server.all("/*", async (request, reply) => {
    const { pathname, searchParams } = new URL(request.url, "https://cleura");
    const credentials = {
      login: header(request, "x-auth-login"),
      token: header(request, "x-auth-token"),
    };
    const call: CleuraCall = {
      method: request.method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      user: credentials.login,
      userAgent: header(request, "user-agent"),
      body: bodyOf(request),
      time: parts.now(),
    };
    parts.record(call);
    for (const intercept of parts.interceptors) {
      const fault = await intercept(call);
      if (fault?.kind === "answer") return reply.code(fault.code).send(fault.body);
      if (fault?.kind === "cut") {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
    }
    if (typeof request.body === "string" && request.body !== "" && call.body === undefined) {
      throw new Refusal(400, "The body is not JSON");
    }
    const steps = pathname
      .split("/")
      .filter((step) => step !== "")
      .map(decodeURIComponent);
    const { method, query, body } = call;
    return answer(reply, await parts.route({ method, steps, query, body, credentials }));
  });
  return server;
}

function answer(reply: FastifyReply, { code, body }: Answer): FastifyReply {
  if (body === undefined) return reply.code(code).send();
  // Cleura sends YAML so.
  if (typeof body === "string") return reply.code(code).type("text/html; charset=utf-8").send(body);
  return reply.code(code).send(body);
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** Undefined where there is none, or none that is JSON. */
function bodyOf({ body }: FastifyRequest): Json | undefined {
  if (typeof body !== "string" || body === "") return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
