/**
 * A kubeconfig that came over the network holds its data inline: whoever opens it, here or with
 * kubectl, would run the commands and read the files that it names, and send what they hold to the
 * server that it names.
 */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Json } from "./entry";

/** client-go's AuthInfo (k8s.io/client-go/tools/clientcmd/api/v1/types.go) but for commands and files. */
const inlineUser = new Set([
  "client-certificate-data",
  "client-key-data",
  "token",
  "username",
  "password",
  "as",
  "as-uid",
  "as-groups",
  "as-user-extra",
  "extensions",
]);

/** client-go's Cluster but for files and for servers that are not verified. */
const inlineCluster = new Set([
  "server",
  "certificate-authority-data",
  "tls-server-name",
  "proxy-url",
  "disable-compression",
  "extensions",
]);

/** Every user and every cluster counts: whoever is handed the kubeconfig may change its context. */
export function assertInline(config: Json, origin: string): void {
  const foreign = [
    ...foreignKeys(config, "users", "user", inlineUser),
    ...foreignKeys(config, "clusters", "cluster", inlineCluster),
  ];
  if (foreign.length === 0) return;
  throw new UserError(
    "GU013",
    `The kubeconfig ${origin} is not used: it refers to commands or files of this machine, or has other settings ` +
      `than inline data (${[...new Set(foreign)].join(", ")}). Only inline certificates, keys and tokens are accepted ` +
      "from a garden: ask its operator.",
  );
}

/** Names of settings, none of their values; a name that is none of Kubernetes' is not repeated. */
function foreignKeys(
  config: Json,
  listKey: string,
  key: string,
  allowed: ReadonlySet<string>,
): readonly string[] {
  const list: unknown = config[listKey] ?? [];
  const entries: readonly unknown[] = Array.isArray(list) ? list : [list];
  return entries.flatMap((entry) => {
    const settings: unknown = isRecord(entry) ? (entry[key] ?? {}) : undefined;
    if (!isRecord(settings)) return [key];
    return Object.keys(settings)
      .filter((name) => !allowed.has(name))
      .map((name) => (/^[a-zA-Z-]{1,40}$/.test(name) ? `${key}.${name}` : `${key}.…`));
  });
}
