/**
 * A kubeconfig that came over the network may contain inline data only: opening it, here or with kubectl,
 * would run the commands and read the files that it names, and send their content to its server.
 */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Json } from "./entry";

/** client-go's AuthInfo (k8s.io/client-go/tools/clientcmd/api/v1/types.go) without commands and files. */
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

/** client-go's Cluster without files and without servers that are not verified. */
const inlineCluster = new Set([
  "server",
  "certificate-authority-data",
  "tls-server-name",
  "proxy-url",
  "disable-compression",
  "extensions",
]);

/** Checks every user and every cluster: the receiver of the kubeconfig may switch its context. */
export function assertInline(config: Json, origin: string): void {
  const foreign = [
    ...foreignKeys(config, "users", "user", inlineUser),
    ...foreignKeys(config, "clusters", "cluster", inlineCluster),
  ];
  if (foreign.length === 0) return;
  throw new UserError(
    "GU013",
    `The kubeconfig ${origin} is refused: it refers to commands or files of this machine, or has other settings ` +
      `than inline data (${[...new Set(foreign)].join(", ")}). Only inline certificates, keys and tokens are accepted ` +
      "from a garden. Ask its operator.",
  );
}

/** Names of settings without their values; a name that cannot be one of Kubernetes' is not repeated. */
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
