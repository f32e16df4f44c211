/** How a pool gets from its observed nodes to its target nodes, one step at a time. */
import { createHash } from "node:crypto";
import type { ClusterNode } from "../shoot/cluster";
import type { Pool } from "./shoot";

/** Labels as Gardener puts them on its nodes. */
export const POOL_LABEL = "worker.gardener.cloud/pool";
export const VERSION_LABEL = "worker.gardener.cloud/kubernetes-version";
export const KEY_LABEL = "worker.gardener.cloud/gardener-node-agent-secret-name";

export type Step =
  /** New machines that have not joined yet. */
  | { readonly kind: "join"; readonly nodes: readonly string[] }
  | { readonly kind: "create"; readonly count: number }
  /** Cordon, drain, delete. */
  | { readonly kind: "drain"; readonly nodes: readonly string[] }
  /** Another patch of Kubernetes: the kubelet restarts, the node stays. */
  | { readonly kind: "restartKubelet"; readonly node: string }
  | { readonly kind: "done" };

/** Differs wherever a change needs other machines: `Key` in Gardener's operatingsystemconfig component. */
export function poolKey(pool: Pool): string {
  const minor = pool.kubernetesVersion.split(".").slice(0, 2).join(".");
  const parts = [pool.name, minor, pool.machineType, pool.image.name, pool.image.version];
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 5);
  return `gardener-node-agent-${pool.name}-${hash}`;
}

const isCurrent = (pool: Pool, node: ClusterNode) => node.labels[KEY_LABEL] === poolKey(pool);

export function isAvailable(node: ClusterNode): boolean {
  return node.ready && !node.unschedulable;
}

/** Whether the node runs the target versions of its pool, including the patch. */
export function isUpdated(pool: Pool, node: ClusterNode): boolean {
  return isCurrent(pool, node) && node.kubeletVersion === `v${pool.kubernetesVersion}`;
}

/** maxSurge rounds up and maxUnavailable down, and one of them is at least 1, as Kubernetes has it. */
export function budget(pool: Pool): { readonly surge: number; readonly unavailable: number } {
  const surge = absolute(pool.maxSurge, pool.desired, Math.ceil);
  const unavailable = Math.min(absolute(pool.maxUnavailable, pool.desired, Math.floor), pool.desired);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function absolute(amount: number | string, of: number, round: (share: number) => number): number {
  if (typeof amount === "number") return amount;
  const value = Number.parseFloat(amount);
  return amount.endsWith("%") ? round((value * of) / 100) : value;
}

export function nextStep(pool: Pool, nodes: readonly ClusterNode[]): Step {
  const current = nodes.filter((node) => isCurrent(pool, node));
  const old = nodes.filter((node) => !isCurrent(pool, node));

  const joining = current.filter((node) => !node.ready);
  if (joining.length > 0) return { kind: "join", nodes: names(joining) };

  const { surge, unavailable } = budget(pool);
  const spare = nodes.filter(isAvailable).length - Math.max(0, pool.desired - unavailable);
  const missing = Math.min(pool.desired - current.length, pool.desired + surge - nodes.length);
  if (missing > 0) return { kind: "create", count: missing };

  // Unavailable nodes are drained at once; of the available ones only as many as the budget allows.
  const idle = old.filter((node) => !isAvailable(node));
  const serving = old.filter(isAvailable).slice(0, Math.max(0, spare));
  if (idle.length + serving.length > 0) return { kind: "drain", nodes: names([...idle, ...serving]) };

  if (current.length > pool.desired) return { kind: "drain", nodes: names(current.slice(pool.desired)) };

  const behind = current.find((node) => !isUpdated(pool, node));
  if (behind !== undefined) return { kind: "restartKubelet", node: behind.name };
  return { kind: "done" };
}

export function names(nodes: readonly ClusterNode[]): readonly string[] {
  return nodes.map((node) => node.name);
}
