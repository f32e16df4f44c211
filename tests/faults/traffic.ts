/** Which kind of request it is, by method and path, on a Gardener API server and on Cleura's API. */
import type { Traffic } from "./faults";

export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly url: string;
}

export function trafficOf({ method, url }: Sent): Traffic {
  const { pathname, searchParams } = new URL(url, "https://garden");
  if (pathname.startsWith("/gardener/v")) return cleura(method, pathname);
  if (pathname.includes("cloudprofiles")) return "profile";
  if (!/\/shoots(\/|$)/.test(pathname)) return "other";
  if (pathname.endsWith("kubeconfig")) return "kubeconfig";
  if (method === "PATCH" || method === "PUT") return searchParams.has("dryRun") ? "dryRun" : "write";
  if (searchParams.get("watch") === "true") return "watch";
  return pathname.endsWith("/shoots") ? "list" : "read";
}

function cleura(method: string, path: string): Traffic {
  if (path.endsWith("/cloud-profiles")) return "profile";
  if (path.endsWith("-kubeconfig")) return "kubeconfig";
  const step = /\/upgrade\/(\w+)$/.exec(path)?.[1];
  if (step !== undefined) return "preparation";
  if (method !== "GET") return "write";
  return /\/shoots\/[^/]+\/[^/]+\/[^/]+$/.test(path) ? "read" : "list";
}
