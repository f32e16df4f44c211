/** A Kubernetes API server: the garden's, or a Shoot's own. */
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HOSTS, type HttpServer, type Recorded, startHttp } from "../http";
import { type Json, type JsonMap, map, textAt } from "../json";
import { type Ca, createCa, issueServer } from "../pki";
import { errorsOf } from "../validation/field";
import { discover, versionInfo } from "./discovery";
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
import { type Answer, createObjects, type Objects, type WriteOptions } from "./objects";
import { createPages } from "./pages";
import { type PathTarget, targetOf } from "./paths";
import { createRateLimiter, type Rate } from "./rate";
import { accessReviews, apiVersion, type Resource } from "./resource";
import { selector } from "./selectors";
import { createStore, type Store } from "./store";
import { table } from "./table";
import { certificateUser, createUsers, type User, type Users } from "./users";
import { createWatches, type Watches } from "./watch";

export interface ApiServerOptions {
  readonly name: string;
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly now: () => Date;
  readonly resources: readonly Resource[];
  /** Whose certificates users show; absent: users show tokens. */
  readonly clientCa?: Ca;
  /** Of Kubernetes, without the leading v. */
  readonly version: () => string;
  /** Of kubeconfigs for Shoots; absent: as many as are requested. */
  readonly kubeconfigRate?: Rate;
  /** Where it is false, every call gets 503. */
  readonly available?: () => boolean;
}

export interface ApiServer extends HttpServer {
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly store: Store;
  readonly objects: Objects;
  readonly users: Users;
  readonly watches: Watches;
}

interface Context {
  readonly target: PathTarget;
  readonly call: Recorded;
  readonly user: User;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const METRICS = "/metrics";
/** No rule of the sandbox is for paths: only who may everything reads metrics. */
const METRICS_ACCESS = {
  verb: "read",
  group: "",
  resource: "metrics",
  subresource: "",
  namespace: "",
  name: "",
};
/** Nobody has requested an API that a later minor does not serve. */
const NO_METRICS = "# TYPE apiserver_requested_deprecated_apis gauge\n";
const HEALTH_PATHS = ["/healthz", "/livez", "/readyz"];

const VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
const KUBECONFIG_VERBS: Readonly<Record<string, string>> = { POST: "create" };

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { now, resources } = options;
  const store = createStore(now, resources);
  const users = createUsers();
  const watches = createWatches(store);
  const pages = createPages();
  const objects = createObjects(store, now);
  const ca = await createCa(options.name);
  const kubeconfigDelay = options.kubeconfigRate && createRateLimiter(options.kubeconfigRate);

  function userOf(request: FastifyRequest): User | undefined {
    if (options.clientCa !== undefined) return certificateUser(request.raw.socket);
    const match = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "");
    return users.byToken(match?.[1] ?? "");
  }

  async function handle(call: Recorded, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (options.available?.() === false)
      throw new Failure(503, "ServiceUnavailable", "the API server is down");
    if (HEALTH_PATHS.includes(call.path)) return reply.type("text/plain").send("ok");
    const { path, body } = call;
    const user = userOf(request);
    if (user === undefined) throw unauthorized();
    if (path === METRICS) {
      users.requireAccess(user, METRICS_ACCESS);
      return reply.type("text/plain").send(NO_METRICS);
    }
    const description = path === "/version" ? versionInfo(options.version()) : discover(path, resources);
    if (description !== undefined) {
      if (call.method !== "GET") throw methodNotAllowed();
      return reply.send(description);
    }
    const target = targetOf(path, resources);
    if (target === undefined) throw noSuchPath();
    if (target.resource === accessReviews) return reply.code(201).send(users.review(user, map(body)));
    const context = { target, call, user, request, reply };
    return target.name === "" ? collection(context) : single(context);
  }

  function requireAccess({ target, user }: Context, verb: string, name = target.name): void {
    const { namespace, subresource } = target;
    const { group, resource } = target.resource;
    users.requireAccess(user, { verb, group, resource, subresource, namespace, name });
  }

  function collection(context: Context): FastifyReply {
    const { target, call, user, request, reply } = context;
    const { resource } = target;
    const { method, query } = call;
    if (method === "POST") {
      requireAccess(context, "create");
      if (resource.namespaced && target.allNamespaces) throw methodNotAllowed();
      return written(reply, objects.create(target, parsed(call), writeOptions(call, user)));
    }
    if (method !== "GET") throw methodNotAllowed();
    const watching = isSet(query.watch);
    const only = /^metadata\.name=([^,]+)$/.exec(query.fieldSelector ?? "")?.[1] ?? "";
    requireAccess(context, watching ? "watch" : "list", only);
    const matches = selector(query.labelSelector, query.fieldSelector);
    const namespace = target.allNamespaces ? undefined : target.namespace;
    if (watching) {
      watches.open(
        {
          resource,
          namespace,
          matches,
          resourceVersion: query.resourceVersion ?? "",
          bookmarks: isSet(query.allowWatchBookmarks),
          timeoutSeconds: query.timeoutSeconds === undefined ? undefined : Number(query.timeoutSeconds),
          render: (object) => printed(context, object),
        },
        reply.raw,
      );
      reply.hijack();
      return reply;
    }
    const { items, metadata } = pages.page(call, () => ({
      items: store.list(resource, namespace).filter(matches),
      resourceVersion: String(store.resourceVersion),
    }));
    if (isTable(request)) return reply.send(table(resource, items, metadata, now()));
    return reply.send({ kind: `${resource.kind}List`, apiVersion: apiVersion(resource), metadata, items });
  }

  async function single(context: Context): Promise<FastifyReply> {
    const { target, call, user, request, reply } = context;
    const verb = target.subresource.endsWith("kubeconfig")
      ? KUBECONFIG_VERBS[call.method]
      : VERBS[call.method];
    if (verb === undefined) throw methodNotAllowed();
    requireAccess(context, verb);
    if (verb === "get") return reply.send(printed(context, objects.get(target)));
    if (verb === "create") {
      const { namespace, name } = target;
      const level = target.subresource === "adminkubeconfig" ? "admin" : "viewer";
      const kubeconfigCall = { level, namespace, name, body: map(parsed(call)), user } as const;
      if (kubeconfigDelay !== undefined) await sleep(kubeconfigDelay(performance.now()));
      return reply.code(201).send(await issueKubeconfig(store, users, kubeconfigCall));
    }
    const options = writeOptions(call, user);
    if (verb === "delete") return written(reply, objects.delete(target, options));
    if (verb === "update") return written(reply, objects.update(target, parsed(call), options));
    const type = request.headers["content-type"] ?? "";
    return written(reply, objects.patch(target, parsed(call), type, options));
  }

  function printed({ target, request }: Context, object: JsonMap): JsonMap {
    if (!isTable(request)) return object;
    const metadata = { resourceVersion: textAt(object, "metadata", "resourceVersion") };
    return table(target.resource, [object], metadata, now());
  }

  const http = await startHttp({
    port: options.port,
    tls: await issueServer(ca, { hosts: HOSTS }),
    clientCa: options.clientCa?.certificate,
    userOf: (request) => userOf(request)?.name ?? "",
    handle,
    refuse(error, reply) {
      const failure =
        error instanceof Failure ? error : internal(error instanceof Error ? error.message : String(error));
      void warn(reply, failure.warnings).code(failure.code).send(failure.status);
    },
  });
  return {
    ...http,
    ca: ca.certificate,
    store,
    objects,
    users,
    watches,
    async close() {
      watches.drop();
      await http.close();
    },
  };
}

function writeOptions({ method, query, userAgent, body }: Recorded, user: User): WriteOptions {
  const dryRun = query.dryRun ?? textAt(body, "dryRun", 0);
  if (dryRun !== "" && dryRun !== "All") throw unknownDryRun(method, dryRun);
  const agent = userAgent.split("/")[0] ?? "";
  return {
    dryRun: dryRun === "All",
    fieldManager: query.fieldManager ?? (agent === "" ? "unknown" : agent),
    fieldValidation: query.fieldValidation ?? "Warn",
    user,
  };
}

function unknownDryRun(method: string, value: string): Failure {
  const names: Readonly<Record<string, string>> = { POST: "Create", PUT: "Update", DELETE: "Delete" };
  const kind = `${names[method] ?? "Patch"}Options`;
  const unknown = errorsOf((errors) => errors.notSupported("dryRun", [value], ["All"]));
  return invalid({ group: "meta.k8s.io", resource: kind }, kind, "", unknown);
}

const isSet = (value: string | undefined): boolean => value === "true" || value === "1";

const isTable = ({ headers }: FastifyRequest): boolean => headers.accept?.includes("as=Table") === true;

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

function parsed({ body }: Recorded): Json {
  if (body === undefined) throw badRequest("the object provided is unrecognized (must be of type JSON)");
  return body;
}
