/** Kubeconfigs, as YAML. */
import { dump } from "js-yaml";
import type { JsonMap } from "./json";

export interface Cluster {
  readonly name: string;
  readonly server: string;
  /** PEM; absent where the certificate is a public one. */
  readonly ca?: string;
}

export function kubeconfigOf(clusters: readonly Cluster[], user: string, credentials: JsonMap): string {
  return dump({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusters[0]?.name ?? "",
    preferences: {},
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: { ...(ca === undefined ? {} : { "certificate-authority-data": base64(ca) }), server },
    })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user } })),
    users: [{ name: user, user: credentials }],
  });
}

export function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
