/** One Shoot's Kubernetes API: the version, and Nodes, Namespaces and ConfigMaps. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { patch, PATCH_TYPES } from "../api/patch";
import { selector } from "../api/selectors";
import { isJson, type Json, type JsonMap, map } from "../json";
import { mayRead, mayWrite, userOf } from "./access";
import { discover, RESOURCES, type Target, targetOf } from "./discovery";
import type { MemoryCluster } from "./memory";
import { nameOf, namespaceOf, type StoreEvent } from "./store";
import { nodeTable, wantsTable } from "./table";

interface Context {
  readonly cluster: MemoryCluster;
  readonly now: () => Date;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly target: Target;
}

export function handle(
  cluster: MemoryCluster,
  now: () => Date,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? "/", "https://shoot");
  if (cluster.state.hibernated) {
    refuse(response, 503, "ServiceUnavailable", "the Shoot is hibernated");
    return;
  }
  if (["/healthz", "/readyz", "/livez"].includes(url.pathname)) {
    response.end("ok");
    return;
  }
  const user = userOf(request);
  if (user === undefined) {
    refuse(response, 401, "Unauthorized", "Unauthorized");
    return;
  }
  const reads = request.method === "GET";
  const discovery = discover(url.pathname, cluster.state.version);
  if (reads && discovery !== undefined) {
    answer(response, 200, discovery);
    return;
  }
  const target = targetOf(url.pathname);
  if (target === undefined) {
    refuse(response, 404, "NotFound", "the server could not find the requested resource");
    return;
  }
  if (!(reads ? mayRead(user) : mayWrite(user))) {
    const verb = (request.method ?? "").toLowerCase();
    const message = `${target.resource} is forbidden: User "${user.name}" cannot ${verb} resource "${target.resource}" in API group ""`;
    refuse(response, 403, "Forbidden", message);
    return;
  }
  serve({ cluster, now, request, response, url, target }).catch((error: unknown) => {
    if (!response.headersSent) refuse(response, 500, "InternalError", String(error));
    response.end();
  });
}

async function serve(context: Context): Promise<void> {
  switch (context.request.method) {
    case "GET":
      if (context.target.name !== undefined) getOne(context, context.target.name);
      else if (["1", "true"].includes(context.url.searchParams.get("watch") ?? "")) watch(context);
      else list(context);
      return;
    case "POST":
      create(context, await readBody(context.request));
      return;
    case "PUT":
    case "PATCH":
      change(context, await readBody(context.request));
      return;
    case "DELETE":
      remove(context);
      return;
    case undefined:
    default:
      refuse(
        context.response,
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the resource",
      );
  }
}

function selected({ url }: Context, value: JsonMap): boolean {
  const { searchParams } = url;
  return selector(searchParams.get("labelSelector") ?? "", searchParams.get("fieldSelector") ?? "")(value);
}

function asksForTable({ request, target }: Context): boolean {
  return target.resource === "nodes" && wantsTable(request.headers.accept ?? "");
}

function getOne(context: Context, name: string): void {
  const { cluster, response, target, now } = context;
  const found = cluster.store.get(target.resource, target.namespace ?? "", name);
  if (found === undefined) notFound(response, target);
  else answer(response, 200, asksForTable(context) ? nodeTable([found], "", now()) : found);
}

function list(context: Context): void {
  const { cluster, response, target, now } = context;
  const found = cluster.store
    .list(target.resource, target.namespace)
    .filter((value) => selected(context, value));
  const resourceVersion = String(cluster.store.resourceVersion());
  const kind = `${RESOURCES[target.resource].kind}List`;
  answer(
    response,
    200,
    asksForTable(context)
      ? nodeTable(found, resourceVersion, now())
      : { kind, apiVersion: "v1", metadata: { resourceVersion }, items: found },
  );
}

function watch(context: Context): void {
  const { cluster, request, response, target, url, now } = context;
  const { store } = cluster;
  let head = true;
  const write = (type: string, value: JsonMap): void => {
    const shown = asksForTable(context) ? nodeTable([value], "", now(), head) : value;
    head = false;
    response.write(`${JSON.stringify({ type, object: shown })}\n`);
  };
  const tell = (event: StoreEvent): void => {
    if (event.resource !== target.resource || !selected(context, event.object)) return;
    if (target.namespace !== undefined && namespaceOf(event.object) !== target.namespace) return;
    write(event.type, event.object);
  };
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const asked = Number(url.searchParams.get("resourceVersion") ?? "0");
  if (asked === 0) {
    for (const value of store.list(target.resource, target.namespace)) {
      if (selected(context, value)) write("ADDED", value);
    }
  }
  const stop = store.follow(asked === 0 ? store.resourceVersion() : asked, tell);
  if (stop === undefined) {
    const gone = status(410, "Expired", `too old resource version: ${String(asked)}`);
    response.end(`${JSON.stringify({ type: "ERROR", object: gone })}\n`);
    return;
  }
  const seconds = Number(url.searchParams.get("timeoutSeconds") ?? "0");
  const end = (): void => {
    // The connection closes a moment after its end: what happens until then cannot be told any more.
    stop();
    response.end();
  };
  const timer = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined;
  request.on("close", () => {
    clearTimeout(timer);
    stop();
  });
}

function create({ cluster, response, target, url }: Context, content: Json): void {
  const body = map(content);
  const metadata = { ...map(body.metadata), ...(target.namespace ? { namespace: target.namespace } : {}) };
  const value = { apiVersion: "v1", kind: RESOURCES[target.resource].kind, ...body, metadata };
  const name = nameOf(value);
  if (name === "") {
    refuse(response, 422, "Invalid", "metadata.name: Required value: name or generateName is required");
  } else if (cluster.store.get(target.resource, target.namespace ?? "", name) !== undefined) {
    refuse(response, 409, "AlreadyExists", `${target.resource} "${name}" already exists`);
  } else {
    answer(response, 201, url.searchParams.has("dryRun") ? value : cluster.store.put(target.resource, value));
  }
}

function change({ cluster, request, response, target, url }: Context, body: Json): void {
  const known = cluster.store.get(target.resource, target.namespace ?? "", target.name ?? "");
  if (known === undefined) {
    notFound(response, target);
    return;
  }
  const type = request.headers["content-type"] ?? "";
  if (request.method === "PATCH" && !PATCH_TYPES.includes(type.split(";")[0] ?? "")) {
    refuse(response, 415, "UnsupportedMediaType", `the sandbox takes no patch of type ${type}`);
    return;
  }
  const wanted = request.method === "PUT" ? map(body) : patch(known, body, type);
  // The status has its own way in, and nothing else goes through it.
  const status = (target.status ? wanted : known).status ?? {};
  const changed = { ...(target.status ? known : wanted), status };
  answer(
    response,
    200,
    url.searchParams.has("dryRun") ? changed : cluster.store.put(target.resource, changed),
  );
}

function remove({ cluster, response, target }: Context): void {
  const gone = cluster.store.remove(target.resource, target.namespace ?? "", target.name ?? "");
  if (gone === undefined) notFound(response, target);
  else answer(response, 200, gone);
}

async function readBody(request: IncomingMessage): Promise<Json> {
  request.setEncoding("utf8");
  let whole = "";
  for await (const part of request) whole += String(part);
  const value: unknown = JSON.parse(whole);
  return isJson(value) ? value : {};
}

function status(code: number, reason: string, message: string): JsonMap {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}

function answer(response: ServerResponse, code: number, body: JsonMap): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  answer(response, code, status(code, reason, message));
}

function notFound(response: ServerResponse, target: Target): void {
  refuse(response, 404, "NotFound", `${target.resource} "${target.name ?? ""}" not found`);
}
