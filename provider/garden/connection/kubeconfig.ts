/** Decodes one context of a kubeconfig. Messages repeat nothing of its content but names. */
import { dirname, isAbsolute, resolve } from "node:path";
import { isRecord } from "../../model/json";
import { nearest } from "../../model/near";
import { UserError } from "../../model/problem";
import { malformed, materialOf, quote, textOf, type Json, type Material } from "./entry";
import { decodeUser, type Identity } from "./identity";
import { assertInline } from "./issued";
import type { ConnectionSource } from "./source";

export interface Kubeconfig {
  readonly context: string;
  readonly server: URL;
  readonly certificateAuthority?: Material;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** `client.authentication.k8s.io/exec` of the cluster's extensions: an exec plugin's settings. */
  readonly execExtension?: unknown;
  readonly identity: Identity;
}

export async function parseKubeconfig(content: string, source: ConnectionSource): Promise<Kubeconfig> {
  const config = await parseYaml(content, source.origin);
  if (source.kind === "issued") assertInline(config, source.origin);
  const context = pickContext(config, source);
  const clusterName = textOf(context.entry, "cluster");
  const cluster =
    clusterName === undefined ? undefined : findEntry(config, "clusters", "cluster", clusterName);
  if (clusterName === undefined || cluster === undefined) {
    throw malformed(source.origin, `its context ${quote(context.name)} names no cluster of the kubeconfig`);
  }
  const userName = textOf(context.entry, "user");
  const user = userName === undefined ? {} : findEntry(config, "users", "user", userName);
  if (user === undefined)
    throw malformed(source.origin, `its context ${quote(context.name)} names no user of the kubeconfig`);

  if (cluster["insecure-skip-tls-verify"] === true) {
    throw malformed(
      source.origin,
      `its cluster ${quote(clusterName)} sets insecure-skip-tls-verify. The server is always verified: ` +
        "remove the setting and set certificate-authority-data to the CA",
    );
  }
  const resolvePath = (path: string) => pathBeside(source, path);
  return {
    context: context.name,
    server: parseServer(cluster, clusterName, source.origin),
    certificateAuthority: materialOf(cluster, "certificate-authority", source.origin, resolvePath),
    tlsServerName: textOf(cluster, "tls-server-name"),
    proxyUrl: textOf(cluster, "proxy-url"),
    execExtension: execExtensionOf(cluster),
    identity: decodeUser(user, { name: userName ?? "", origin: source.origin, resolvePath }),
  };
}

/** js-yaml's message contains a snippet of the source, so only its reason and line are repeated. */
async function parseYaml(content: string, origin: string): Promise<Json> {
  const yaml = await import("js-yaml");
  let parsed: unknown;
  try {
    parsed = yaml.load(content);
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    const reason = error.reason.replace(/["'<!].*$/s, "").trim();
    throw malformed(origin, `it is not YAML: ${reason}${lineOf(error)}`);
  }
  if (!isRecord(parsed)) throw malformed(origin, "it is not a YAML object with clusters, contexts and users");
  return parsed;
}

/** Some of js-yaml's errors have no mark, contrary to its types. */
function lineOf({ mark }: { readonly mark?: { readonly line: number } }): string {
  return mark === undefined ? "" : `, line ${mark.line + 1}`;
}

function pickContext(
  config: Json,
  source: ConnectionSource,
): { readonly name: string; readonly entry: Json } {
  const names = namesIn(config, "contexts");
  const has = names.length === 0 ? "It has no contexts." : `It has: ${names.join(", ")}.`;
  const name = source.context ?? textOf(config, "current-context");
  if (name === undefined) {
    throw new UserError(
      "GU004",
      `The kubeconfig ${source.origin} has no current-context. Name one with gardener:context or garden: { context }. ${has}`,
    );
  }
  const entry = findEntry(config, "contexts", "context", name);
  if (entry !== undefined) return { name, entry };
  const near = nearest(name, names);
  const meant = near === undefined ? "" : ` Did you mean ${quote(near)}?`;
  throw new UserError(
    "GU004",
    `The kubeconfig ${source.origin} has no context ${quote(name)}.${meant} Name another with gardener:context or garden: { context }. ${has}`,
  );
}

function parseServer(cluster: Json, name: string, origin: string): URL {
  const server = textOf(cluster, "server");
  if (server === undefined) throw malformed(origin, `its cluster ${quote(name)} has no server`);
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol !== "https:") {
    throw malformed(origin, `the server of its cluster ${quote(name)} is not an https address`);
  }
  url.username = "";
  url.password = "";
  return url;
}

function execExtensionOf(cluster: Json): unknown {
  const extensions: readonly unknown[] = Array.isArray(cluster["extensions"]) ? cluster["extensions"] : [];
  const found = extensions
    .filter(isRecord)
    .find((entry) => entry["name"] === "client.authentication.k8s.io/exec");
  return found?.["extension"];
}

/** Relative to the kubeconfig's folder, as in client-go; to the working folder where the kubeconfig is not a file. */
function pathBeside(source: ConnectionSource, path: string): string {
  if (isAbsolute(path)) return path;
  return source.kind === "file" ? resolve(dirname(source.path), path) : resolve(path);
}

function listOf(config: Json, key: string): readonly Json[] {
  const value: unknown = config[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function namesIn(config: Json, key: string): readonly string[] {
  return listOf(config, key).flatMap((entry) => textOf(entry, "name") ?? []);
}

function findEntry(config: Json, listKey: string, key: string, name: string): Json | undefined {
  const entry = listOf(config, listKey).find((candidate) => candidate["name"] === name)?.[key];
  return isRecord(entry) ? entry : undefined;
}
