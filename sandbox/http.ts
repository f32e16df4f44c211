/** What the sandbox's HTTPS servers share: bodies, the record of calls, faults that tests cause. */
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { isJson, type Json, type JsonMap } from "./json";
import type { KeyPair } from "./pki";

/** A call as it arrived. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** "" where the credentials are not known. */
  readonly user: string;
  readonly userAgent: string;
  /** Undefined where there is none, or none that is JSON. */
  readonly body: Json | undefined;
}

export type Fault =
  | { readonly kind: "answer"; readonly code: number; readonly body: JsonMap }
  /** The connection is closed without an answer. */
  | { readonly kind: "cut" };

/** A fault that a test causes, or `undefined` to let the call through. */
type Interceptor = (call: Recorded) => Promise<Fault | undefined> | Fault | undefined;

export type HttpServer = Awaited<ReturnType<typeof startHttp>>;

export interface HttpOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly tls: KeyPair;
  /** PEM of the authority whose client certificates are requested. */
  readonly clientCa?: string;
  /** The user that a request names; "" where the credentials are not known. */
  readonly userOf: (request: FastifyRequest) => string;
  readonly handle: (call: Recorded, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  readonly refuse: (error: unknown, reply: FastifyReply) => void;
  /** Headers of every answer. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

const HOST = "127.0.0.1";
export const HOSTS = [HOST, "localhost"];

export async function startHttp(options: HttpOptions) {
  const requests: Recorded[] = [];
  const interceptors = new Set<Interceptor>();
  const { certificate: cert, key } = options.tls;
  // A client without a certificate is refused by the API, with 401.
  const clients = { ca: options.clientCa, requestCert: true, rejectUnauthorized: false };
  const server = Fastify({
    https: options.clientCa === undefined ? { cert, key } : { cert, key, ...clients },
    forceCloseConnections: true,
    bodyLimit: 3 * 1024 * 1024,
    routerOptions: { maxParamLength: 500 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler((error, _request, reply) => {
    options.refuse(error, reply);
  });
  server.all("/*", async (request, reply) => {
    for (const [name, value] of Object.entries(options.headers?.() ?? {})) void reply.header(name, value);
    const { pathname: path, searchParams } = new URL(request.url, "https://sandbox");
    const query = Object.fromEntries(searchParams);
    const userAgent = request.headers["user-agent"] ?? "";
    const { method } = request;
    const call = {
      method,
      path,
      query,
      user: options.userOf(request),
      userAgent,
      body: jsonOf(request.body),
    };
    requests.push(call);
    for (const intercept of interceptors) {
      const fault = await intercept(call);
      if (fault?.kind === "answer") return reply.code(fault.code).send(fault.body);
      if (fault?.kind === "cut") {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
    }
    return options.handle(call, request, reply);
  });
  await server.listen({ host: HOST, port: options.port ?? 0 });
  return {
    url: `https://${HOST}:${portOf(server.server.address())}`,
    /** Every call since the start, or since it was emptied. */
    requests,
    /** Interferes with calls until the returned function is called. */
    intercept(interceptor: Interceptor): () => void {
      interceptors.add(interceptor);
      return () => interceptors.delete(interceptor);
    },
    async close(): Promise<void> {
      await server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the sandbox listens on no port");
  return address.port;
}

function jsonOf(body: unknown): Json | undefined {
  if (typeof body !== "string" || body === "") return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The steps of a path, decoded. */
export function stepsOf(path: string): string[] {
  return path
    .split("/")
    .filter((step) => step !== "")
    .map(decodeURIComponent);
}
