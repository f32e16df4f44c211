/** Objects of a Shoot as its API server returns them, and what the checks find in them. */
import type { FakeGarden } from "../support/fakeGarden";
import type { Finding, PreflightResult } from "../../../provider/model/preflight";
import type { PreflightCheck } from "../../../provider/model/enums";
import type { Shoot } from "../../../provider/model/shoot";
import type { ShootCluster } from "../../../provider/garden/garden";
import { inspect } from "../../../provider/preflight/preflight";
import type { ManagedSeed } from "../../../provider/preflight/managedSeed";
import { lists, readObjects } from "../../../provider/preflight/read";
import { rollOfAllNodes, type Work } from "../../../provider/preflight/work";
import { aShoot, NOW } from "../builders";

export type ListName = keyof typeof lists;
export type Objects = Partial<Record<ListName, readonly unknown[]>>;

export interface Given {
  readonly objects?: Objects;
  /** By path, such as those of removed APIs. */
  readonly paths?: Readonly<Record<string, readonly object[]>>;
  /** Lists that cannot be read. */
  readonly hidden?: readonly ListName[];
  /** Others that cannot be listed. */
  readonly hiddenPaths?: readonly string[];
  /** Discovery documents by path. */
  readonly documents?: Readonly<Record<string, object>>;
  /** Paths that the API server does not serve. */
  readonly notServed?: readonly string[];
  /** Null: they are requested, and cannot be read. */
  readonly metrics?: string | null;
  readonly work?: Partial<Work>;
  readonly shoot?: Partial<Shoot>;
  readonly managedSeed?: ManagedSeed;
}

export async function inspected(given: Given): Promise<PreflightResult> {
  const shoot = aShoot(given.shoot);
  const work: Work = { ...rollOfAllNodes(shoot), ...given.work };
  const settings = { metrics: given.metrics !== undefined, signal: AbortSignal.timeout(10_000) };
  const objects = await readObjects(clusterOf(given), work, settings);
  return inspect({ work, shoot, objects, managedSeed: given.managedSeed, now: NOW });
}

/** Of one check: its outcome, and its findings. */
export async function checked(check: PreflightCheck, given: Given) {
  const { checks, findings } = await inspected(given);
  return {
    outcome: checks.find((result) => result.check === check)?.outcome,
    notVisible: checks.find((result) => result.check === check)?.notVisible ?? [],
    findings: findings.filter((finding) => finding.check === check),
  };
}

export function rulesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, severity, object }) => `${severity} ${rule} ${object.name}`);
}

export function clusterOf({
  objects = {},
  paths = {},
  hidden = [],
  notServed = [],
  hiddenPaths: unreadable = [],
  documents = {},
  metrics,
}: Given): ShootCluster {
  const byPath = new Map<string, readonly unknown[]>(Object.entries(paths));
  const hiddenPaths = new Set(unreadable);
  for (const [name, { path }] of Object.entries(lists)) {
    const found = Object.entries(objects).find(([key]) => key === name)?.[1];
    if (found !== undefined) byPath.set(path, found);
    if (hidden.some((one) => one === name)) hiddenPaths.add(path);
  }
  return {
    kubernetesVersion: () => Promise.resolve("1.33.4"),
    nodes: () => Promise.resolve([]),
    watchNodes: () => {
      throw new Error("not expected here");
    },
    async list({ path, resource }) {
      if (hiddenPaths.has(path))
        return { kind: "notVisible", reason: `the right to list ${resource} is missing` };
      if (notServed.includes(path)) return { kind: "notServed", reason: "not served" };
      return { kind: "listed", items: byPath.get(path) ?? [] };
    },
    async read(path) {
      const document = documents[path];
      if (document !== undefined) return { kind: "read", body: document };
      if (path !== "/metrics") return { kind: "notVisible", reason: `not served: ${path}` };
      return metrics === undefined || metrics === null
        ? { kind: "notVisible", reason: "forbidden" }
        : { kind: "read", body: metrics };
    },
  };
}

/** The same objects in a fake garden. */
export function fill(garden: FakeGarden, objects: Objects): void {
  for (const [name, items] of Object.entries(objects)) {
    const list = Object.entries(lists).find(([key]) => key === name)?.[1];
    if (list !== undefined) garden.objects[list.path] = items;
  }
}

export function aNode(
  name: string,
  parts: {
    pool?: string;
    ready?: boolean;
    spec?: object;
    labels?: object;
    annotations?: object;
    version?: string;
  } = {},
) {
  return {
    metadata: {
      name,
      labels: {
        "worker.gardener.cloud/pool": parts.pool ?? "pool-a",
        "kubernetes.io/hostname": name,
        ...parts.labels,
      },
      annotations: parts.annotations ?? {},
    },
    spec: parts.spec ?? {},
    status: {
      conditions: [{ type: "Ready", status: parts.ready === false ? "False" : "True" }],
      nodeInfo: { kubeletVersion: `v${parts.version ?? "1.33.4"}` },
    },
  };
}

export interface PodParts {
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: { readonly kind: string; readonly name: string } | null;
  readonly spec?: object;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly deleted?: string;
}

/** Of the namespace shop, on node-1, by a ReplicaSet. */
export function aPod(name: string, parts: PodParts = {}) {
  const owner = parts.owner === undefined ? { kind: "ReplicaSet", name: "cart-5d8f" } : parts.owner;
  return {
    metadata: {
      namespace: "shop",
      name,
      labels: parts.labels ?? { app: "cart", "pod-template-hash": "5d8f" },
      annotations: parts.annotations ?? {},
      ...(parts.deleted !== undefined && { deletionTimestamp: parts.deleted }),
      ownerReferences:
        owner === null ? [] : [{ ...owner, apiVersion: "apps/v1", controller: true, uid: "1" }],
    },
    spec: { nodeName: parts.node ?? "node-1", containers: [], ...parts.spec },
    status: {
      phase: parts.phase ?? "Running",
      conditions: [{ type: "Ready", status: parts.ready === false ? "False" : "True" }],
    },
  };
}

export interface BudgetParts {
  readonly name?: string;
  readonly spec?: object;
  readonly status?: object;
  readonly generation?: number;
}

/** Over the pods of cart; it allows one disruption. */
export function aBudget(parts: BudgetParts = {}) {
  return {
    metadata: { namespace: "shop", name: parts.name ?? "cart", generation: parts.generation ?? 1 },
    spec: { selector: { matchLabels: { app: "cart" } }, maxUnavailable: 1, ...parts.spec },
    status: {
      observedGeneration: 1,
      expectedPods: 2,
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
      ...parts.status,
    },
  };
}

/** Two nodes with one pod of cart on each. */
export const cart: Objects = {
  nodes: [aNode("node-1"), aNode("node-2")],
  pods: [aPod("cart-1"), aPod("cart-2", { node: "node-2" })],
};

export const service = (namespace: string, name: string) => ({
  metadata: { namespace, name },
  spec: { type: "ClusterIP" },
});

export const endpoints = (namespace: string, name: string, ready = true, pods: readonly string[] = []) => ({
  metadata: { namespace, name: `${name}-x`, labels: { "kubernetes.io/service-name": name } },
  endpoints: [
    { conditions: { ready } },
    ...pods.map((pod) => ({ conditions: { ready }, targetRef: { kind: "Pod", name: pod } })),
  ],
});
