/** The HTTP face: paths, credentials, content types. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { isJson, type Json, type JsonMap, map, textAt } from "../json";
import type { KeyPair } from "../pki";
import { notSupported } from "../validation/field";
import { coreVersions, findGroup, GARDEN_VERSION, groupList, resourceList } from "./discovery";
import {
  badRequest,
  Failure,
  internal,
  invalid,
  methodNotAllowed,
  noSuchPath,
  unauthorized,
} from "./failure";
import { issueKubeconfig } from "./kubeconfig";
import type { Answer, Objects, Target, WriteOptions } from "./objects";
import { openApiDocument, openApiIndex } from "./openapi";
import { type ApiPath, parsePath } from "./path";
import { accessReviews, apiVersion, type Resource } from "./resource";
import { review } from "./review";
import { selector } from "./selectors";
import type { Store } from "./store";
import { table } from "./table";
import { accessTo, type User, type Users } from "./users";
import type { Watches } from "./watch";

/** A call as it came in, for those who record or disturb. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** "" where the credentials are not known. */
  readonly user: string;
  readonly userAgent: string;
  readonly body: Json | undefined;
}

/** A fault that a test plays: the answer, or `undefined` to let the call through. */
export type Interceptor = (call: Recorded) => Promise<Fault | undefined> | Fault | undefined;
export type Fault =
  | { readonly kind: "answer"; readonly code: number; readonly body: JsonMap }
  /** The line is cut without an answer. */
  | { readonly kind: "cut" };

export interface ServerParts {
  readonly tls: KeyPair;
  readonly store: Store;
  readonly objects: Objects;
  readonly users: Users;
  readonly watches: Watches;
  readonly now: () => Date;
  readonly record: (call: Recorded) => void;
  readonly interceptors: ReadonlySet<Interceptor>;
}

interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly user: User;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

const OPEN_PATHS = ["/healthz", "/livez", "/readyz"];
const PRINTED = "as=Table";

export function createServer(parts: ServerParts): FastifyInstance {
  const { store, objects, users, watches } = parts;
  const server = Fastify({
    https: { cert: parts.tls.certificate, key: parts.tls.key },
    forceCloseConnections: true,
    bodyLimit: 3 * 1024 * 1024,
    routerOptions: { maxParamLength: 500 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler((error, _request, reply) => {
    const failure =
      error instanceof Failure ? error : internal(error instanceof Error ? error.message : String(error));
    void warn(reply, failure.warnings).code(failure.code).send(failure.status);
  });
  server.setNotFoundHandler(() => {
    throw noSuchPath();
  });
  server.all("/*", async (request, reply) => {
    const path = new URL(request.url, "https://garden").pathname;
    if (OPEN_PATHS.includes(path)) return reply.type("text/plain").send("ok");
    const query = queryOf(request);
    const body = bodyOf(request);
    const user = userOf(request);
    const recorded: Recorded = {
      method: request.method,
      path,
      query,
      user: user?.name ?? "",
      userAgent: request.headers["user-agent"] ?? "",
      body,
    };
    parts.record(recorded);
    for (const intercept of parts.interceptors) {
      const fault = await intercept(recorded);
      if (fault?.kind === "answer") return reply.code(fault.code).send(fault.body);
      if (fault?.kind === "cut") {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
    }
    if (user === undefined) throw unauthorized();
    return route(path, { request, reply, user, query, body });
  });

  function userOf(request: FastifyRequest): User | undefined {
    const match = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "");
    return users.byToken(match?.[1] ?? "");
  }

  async function route(path: string, call: Call): Promise<FastifyReply> {
    const { reply, request } = call;
    const general = describe(path);
    if (general !== undefined) {
      if (request.method !== "GET") throw methodNotAllowed();
      return reply.send(general);
    }
    const found = parsePath(path);
    if (found === undefined) throw noSuchPath();
    if (found.resource === accessReviews) {
      return reply.code(201).send(review(users, call.user, map(call.body)));
    }
    if (found.subresource in found.resource.actions) return kubeconfig(found, call);
    if (found.subresource !== "" && !(found.subresource === "status" && found.resource.status))
      throw noSuchPath();
    return found.name === "" ? collection(found, call) : single(found, call);
  }

  async function collection(path: ApiPath, call: Call): Promise<FastifyReply> {
    const { resource, namespace = "" } = path;
    const { reply, request, user, query } = call;
    if (request.method === "POST") {
      users.demand(user, accessTo("create", resource, namespace, ""));
      if (resource.namespaced && namespace === "") throw methodNotAllowed();
      const target = { resource, namespace, name: "", subresource: "" };
      return written(reply, objects.create(target, parsed(call), writeOptions(call)));
    }
    if (request.method !== "GET") throw methodNotAllowed();
    const watching = query.watch === "true" || query.watch === "1";
    const only = /^metadata\.name=([^,]+)$/.exec(query.fieldSelector ?? "")?.[1] ?? "";
    users.demand(user, accessTo(watching ? "watch" : "list", resource, namespace, only));
    const matches = selector(query.labelSelector, query.fieldSelector);
    if (watching) {
      watches.open(
        {
          resource,
          ...(path.namespace === undefined ? {} : { namespace }),
          matches,
          resourceVersion: query.resourceVersion ?? "",
          bookmarks: query.allowWatchBookmarks === "true" || query.allowWatchBookmarks === "1",
          initialEvents: query.sendInitialEvents === "true",
          ...(query.timeoutSeconds === undefined ? {} : { timeoutSeconds: Number(query.timeoutSeconds) }),
          render: (object) => printed(call, resource, object) ?? object,
        },
        reply.raw,
      );
      reply.hijack();
      return reply;
    }
    const items = store.list(resource, path.namespace).filter(matches);
    const resourceVersion = String(store.resourceVersion);
    return reply.send(
      request.headers.accept?.includes(PRINTED) === true
        ? table(resource, items, resourceVersion, parts.now())
        : listOf(resource, items, resourceVersion),
    );
  }

  async function single(path: ApiPath, call: Call): Promise<FastifyReply> {
    const { resource, namespace = "", name, subresource } = path;
    const { reply, request, user } = call;
    const target: Target = { resource, namespace, name, subresource };
    const demand = (verb: string) => {
      users.demand(user, accessTo(verb, resource, namespace, name, subresource));
    };
    switch (request.method) {
      case "GET": {
        demand("get");
        const object = objects.get(target);
        return reply.send(printed(call, resource, object) ?? object);
      }
      case "PUT":
        demand("update");
        return written(reply, objects.update(target, parsed(call), writeOptions(call)));
      case "PATCH": {
        demand("patch");
        const type = request.headers["content-type"] ?? "";
        return written(reply, objects.patch(target, parsed(call), type, writeOptions(call)));
      }
      case "DELETE":
        demand("delete");
        return written(reply, objects.delete(target, call.body ?? {}, writeOptions(call)));
      default:
        throw methodNotAllowed();
    }
  }

  async function kubeconfig(path: ApiPath, call: Call): Promise<FastifyReply> {
    const { resource, namespace = "", name, subresource } = path;
    if (call.request.method !== "POST") throw methodNotAllowed();
    users.demand(call.user, accessTo("create", resource, namespace, name, subresource));
    const body = map(parsed(call));
    const level = subresource === "adminkubeconfig" ? "adminkubeconfig" : "viewerkubeconfig";
    const issued = await issueKubeconfig(store, users, {
      subresource: level,
      namespace,
      name,
      body,
      user: call.user,
    });
    return call.reply.code(201).send(issued);
  }

  function writeOptions({ request, query, user, body }: Call): WriteOptions {
    const dryRun = query.dryRun ?? textAt(body, "dryRun", 0);
    if (dryRun !== "" && dryRun !== "All") throw unknownDryRun(request.method, dryRun);
    const agent = (request.headers["user-agent"] ?? "").split("/")[0] ?? "";
    return {
      dryRun: dryRun === "All",
      fieldManager: query.fieldManager ?? (agent === "" ? "unknown" : agent),
      fieldValidation: query.fieldValidation ?? "Warn",
      user,
    };
  }

  /** As a table, where the client asks for one. */
  function printed(call: Call, resource: Resource, object: JsonMap): JsonMap | undefined {
    if (call.request.headers.accept?.includes(PRINTED) !== true) return undefined;
    return table(resource, [object], textAt(object, "metadata", "resourceVersion"), parts.now());
  }

  return server;
}

function describe(path: string): JsonMap | undefined {
  if (path === "/version") return GARDEN_VERSION;
  if (path === "/api") return coreVersions();
  if (path === "/apis") return groupList();
  if (path === "/openapi/v3") return openApiIndex();
  const steps = path.split("/").filter((step) => step !== "");
  if (steps[0] === "openapi" && steps[1] === "v3") return openApiDocument(steps.slice(2).join("/"));
  if (steps[0] === "api" && steps.length === 2) return resourceList("", steps[1] ?? "");
  if (steps[0] === "apis" && steps.length === 2) return findGroup(steps[1] ?? "");
  if (steps[0] === "apis" && steps.length === 3) return resourceList(steps[1] ?? "", steps[2] ?? "");
  return undefined;
}

function written(reply: FastifyReply, answer: Answer): FastifyReply {
  return warn(reply, answer.warnings).code(answer.code).send(answer.object);
}

function warn(reply: FastifyReply, warnings: readonly string[]): FastifyReply {
  if (warnings.length === 0) return reply;
  return reply.header(
    "warning",
    warnings.map((warning) => `299 - ${JSON.stringify(warning)}`),
  );
}

function listOf(resource: Resource, items: readonly JsonMap[], resourceVersion: string): JsonMap {
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersion(resource),
    metadata: { resourceVersion },
    items: items.map((item) => item),
  };
}

function queryOf(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(new URL(request.url, "https://garden").searchParams);
}

/** Undefined where there is none, or none that is JSON. */
function bodyOf(request: FastifyRequest): Json | undefined {
  const { body } = request;
  if (typeof body !== "string" || body === "") return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unknownDryRun(method: string, value: string): Failure {
  const kind = `${method === "POST" ? "Create" : method === "PUT" ? "Update" : method === "DELETE" ? "Delete" : "Patch"}Options`;
  return invalid({ group: "meta.k8s.io", resource: kind }, kind, "", [
    notSupported("dryRun", [value], ["All"]),
  ]);
}

function parsed({ body }: Call): Json {
  if (body === undefined) throw badRequest("the object provided is unrecognized (must be of type JSON)");
  return body;
}
