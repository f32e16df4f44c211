/** Cleura's API over HTTPS: headers of the credentials, forms of answers. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { type HttpServer, type Recorded, startHttp, stepsOf } from "../http";
import type { KeyPair } from "../pki";
import { asRefusal, Refusal } from "./failure";
import type { Answer, Route } from "./routes";

/** A call as it arrived. `user` is the login that it names, right or wrong. */
export interface CleuraCall extends Recorded {
  readonly time: Date;
}

export interface ServerParts {
  readonly port: number | undefined;
  readonly tls: KeyPair;
  readonly route: Route;
  readonly now: () => Date;
}

export function startServer({ port, tls, route, now }: ServerParts): Promise<HttpServer<CleuraCall>> {
  return startHttp({
    port,
    tls,
    // Clients compare it with the times of operations, so it has to be of the same clock.
    headers: () => ({ date: now().toUTCString() }),
    describe: (call, request) => ({ ...call, user: header(request, "x-auth-login"), time: now() }),
    async handle({ method, path, query, body, user }, request, reply) {
      if (typeof request.body === "string" && request.body !== "" && body === undefined) {
        throw new Refusal(400, "The body is not JSON");
      }
      const credentials = { login: user, token: header(request, "x-auth-token") };
      return answer(reply, await route({ method, steps: stepsOf(path), query, body, credentials }));
    },
    refuse(error, reply) {
      const refusal = asRefusal(error);
      void reply.code(refusal.code).send(refusal.body);
    },
  });
}

function answer(reply: FastifyReply, { code, body }: Answer): FastifyReply {
  if (body === undefined) return reply.code(code).send();
  // Cleura sends YAML with this type.
  if (typeof body === "string") return reply.code(code).type("text/html; charset=utf-8").send(body);
  return reply.code(code).send(body);
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
