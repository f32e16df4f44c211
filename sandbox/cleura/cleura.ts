/**
 * Cleura Cloud's REST API in front of the sandbox's garden: the same Shoots, as Cleura's customers
 * reach them. A simulation, written from Cleura's description of that API and from its clients.
 */
import { randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { PROJECT } from "../fixtures/demo";
import { projectNamespace } from "../fixtures/objects";
import type { GardenServer } from "../garden";
import { HOSTS, type HttpServer, startHttp, stepsOf } from "../http";
import { createCa, issueServer } from "../pki";
import { type Account, createIdentities, type Identities } from "./accounts";
import { asRefusal, Refusal } from "./failure";
import { createPreparations, type Preparations } from "./preparation";
import { renderShoot } from "./render";
import { type Answer, createRoute, createV1Route } from "./routes";
import { createShoots } from "./shoots";
import { createViews, type Staleness } from "./views";

export interface CleuraOptions {
  /** `v1`: a server without version 2. */
  readonly api?: "v1" | "v2";
  /** For how many requests a token is valid; unlimited by default. */
  readonly requestsPerToken?: number;
  /** 300 ms at speed 1 by default, without the specification. */
  readonly staleness?: Staleness;
  /** How long a preparation is pending; a second at speed 1 by default. */
  readonly preparationMilliseconds?: number;
  /** `pools`, the default: 409 for a worker group while another change of them is in progress. `any`: for any change. */
  readonly conflicts?: "pools" | "any";
  /** Version 3, which has kubeconfigs in JSON, is not served. */
  readonly rawKubeconfig?: boolean;
}

export type { Account };

/** Username, password and token are those of the account `plain`. */
export interface CleuraServer extends Account, HttpServer {
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly cloud: string;
  readonly region: string;
  readonly projectId: string;
  readonly accounts: Identities["accounts"];
  readonly preparation: Pick<Preparations, "force">;
  /** Reads show from now on what was written. */
  endStaleness(): void;
  /** All tokens, those of the accounts, too. */
  expireTokens(): void;
}

const STALE_MS = 300;
const PREPARATION_MS = 1000;

export async function startCleura(
  garden: GardenServer,
  options: CleuraOptions = {},
  { now = () => new Date(), speed = 1 }: { readonly now?: () => Date; readonly speed?: number } = {},
): Promise<CleuraServer> {
  const project = { cloud: "public", region: "Sto2", projectId: randomBytes(16).toString("hex") };
  const namespace = projectNamespace(PROJECT);
  const identities = createIdentities(options.requestsPerToken);
  const staleness = options.staleness ?? { milliseconds: STALE_MS / speed };
  const views = createViews((shoot) => renderShoot(shoot, project.region), now, staleness);
  const shoots = createShoots(garden, namespace, views);
  const pendingMs = options.preparationMilliseconds ?? PREPARATION_MS / speed;
  const preparations = createPreparations(shoots, pendingMs);
  const route = (options.api === "v1" ? createV1Route : createRoute)({
    garden,
    namespace,
    project,
    identities,
    shoots,
    views,
    preparations,
    rawKubeconfig: options.rawKubeconfig ?? false,
    strictlyOneChange: options.conflicts === "any",
  });
  const ca = await createCa("sandbox Cleura");
  const server = await startHttp({
    tls: await issueServer(ca, { hosts: HOSTS }),
    // Clients compare it with the times of operations, so it has to be of the same clock.
    headers: () => ({ date: now().toUTCString() }),
    // The login that a request names, right or wrong.
    userOf: (request) => header(request, "x-auth-login"),
    async handle({ method, path, query, body, user }, request, reply) {
      if (typeof request.body === "string" && request.body !== "" && body === undefined) {
        throw new Refusal(400, "The body is not JSON");
      }
      const credentials = { login: user, token: header(request, "x-auth-token") };
      return send(reply, await route({ method, steps: stepsOf(path), query, body, credentials }));
    },
    refuse(error, reply) {
      const refusal = asRefusal(error);
      void reply.code(refusal.code).send(refusal.body);
    },
  });
  return {
    ...identities.accounts.plain,
    ...project,
    ...server,
    ca: ca.certificate,
    accounts: identities.accounts,
    preparation: preparations,
    endStaleness: views.endStaleness,
    expireTokens: identities.expire,
  };
}

function send(reply: FastifyReply, { code, body }: Answer): FastifyReply {
  // Cleura sends YAML with this type.
  if (typeof body === "string") void reply.type("text/html; charset=utf-8");
  return reply.code(code).send(body);
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
