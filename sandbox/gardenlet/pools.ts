/** Reconciles the Nodes of a Shoot with its pools; all pools at the same time, as Gardener does. */
import { suffix } from "../json";
import type { ClusterNode, ShootClusterWriter } from "../shoot/cluster";
import type { Pool } from "./shoot";
import {
  isAvailable,
  isUpdated,
  KEY_LABEL,
  names,
  nextStep,
  POOL_LABEL,
  poolKey,
  type Step,
  VERSION_LABEL,
} from "./step";

export interface PoolWork {
  readonly pools: readonly Pool[];
  readonly technicalID: string;
  readonly cluster: ShootClusterWriter;
  /** Waits, in milliseconds at speed 1; throws when the gardenlet stops. */
  readonly pace: (ms: number) => Promise<void>;
  /** Called after each step; what it throws ends the pool. */
  readonly afterStep: (step: Step["kind"]) => Promise<void>;
  /** Of the nodes to be drained, those that are drained now. */
  readonly drainable?: (nodes: readonly string[]) => readonly string[];
}

export interface MachineCounts {
  readonly desired: number;
  readonly available: number;
  readonly updated: number;
  /** Of another generation, not deleted yet. */
  readonly old: number;
}

/** Milliseconds at speed 1: a rollout of three nodes, one at a time, takes five seconds. */
const PACE = { join: 650, drain: 500, restart: 300 } as const;

export async function reconcilePools(work: PoolWork): Promise<void> {
  const before = await work.cluster.listNodes();
  const target = new Set(work.pools.map((pool) => pool.name));
  const removed = before.filter((node) => !target.has(node.labels[POOL_LABEL] ?? ""));
  if (removed.length > 0) await drain(work, names(removed));
  const failures: unknown[] = [];
  await Promise.all(
    work.pools.map((pool) => reconcilePool(work, pool).catch((error: unknown) => failures.push(error))),
  );
  // Only when none is running any more: the next attempt must not overlap with this one.
  if (failures.length > 0) throw failures[0];
}

export async function countMachines(
  cluster: ShootClusterWriter,
  pools: readonly Pool[],
): Promise<MachineCounts> {
  const nodes = await cluster.listNodes();
  const counts = { desired: 0, available: 0, updated: 0, old: 0 };
  for (const pool of pools) {
    const own = nodesOf(pool, nodes);
    const updated = own.filter((node) => isUpdated(pool, node)).length;
    counts.desired += pool.desired;
    counts.available += own.filter(isAvailable).length;
    counts.updated += updated;
    counts.old += own.length - updated;
  }
  return counts;
}

function nodesOf(pool: Pool, nodes: readonly ClusterNode[]): readonly ClusterNode[] {
  return nodes.filter((node) => node.labels[POOL_LABEL] === pool.name);
}

async function reconcilePool(work: PoolWork, pool: Pool): Promise<void> {
  const kept = new Set<string>();
  for (;;) {
    const nodes = nodesOf(pool, await work.cluster.listNodes()).filter((node) => !kept.has(node.name));
    const step = nextStep(pool, nodes);
    if (step.kind === "done") return;
    await perform(work, pool, step, kept);
    await work.afterStep(step.kind);
  }
}

/** `kept`: nodes that are left alone from now on. */
async function perform(work: PoolWork, pool: Pool, step: Step, kept: Set<string>): Promise<void> {
  const { cluster, pace } = work;
  switch (step.kind) {
    case "create": {
      for (let index = 0; index < step.count; index++) await cluster.createNode(newNode(work, pool, index));
      return;
    }
    case "join":
      await pace(PACE.join);
      for (const name of step.nodes) await cluster.updateNode(name, { ready: true });
      return;
    case "drain": {
      const now = work.drainable?.(step.nodes) ?? step.nodes;
      for (const name of step.nodes) if (!now.includes(name)) kept.add(name);
      if (now.length > 0) await drain(work, now);
      return;
    }
    case "restartKubelet":
      await pace(PACE.restart);
      await cluster.updateNode(step.node, { ...softwareOf(pool), labels: labelsOf(pool) });
      return;
    case "done":
  }
}

async function drain({ cluster, pace }: PoolWork, nodes: readonly string[]): Promise<void> {
  for (const name of nodes) await cluster.updateNode(name, { unschedulable: true });
  await pace(PACE.drain);
  for (const name of nodes) await cluster.deleteNode(name);
}

function newNode(
  { technicalID }: PoolWork,
  pool: Pool,
  index: number,
): Parameters<ShootClusterWriter["createNode"]>[0] {
  const zone = pool.zones.length === 0 ? undefined : index % pool.zones.length;
  const key = poolKey(pool);
  // As the machine controller manager names them: deployment, machine set, machine.
  const name = `${technicalID}-${pool.name}-z${String((zone ?? 0) + 1)}-${key.slice(-5)}-${suffix()}`;
  const zoneName = zone === undefined ? undefined : pool.zones[zone];
  return {
    name,
    labels: {
      ...pool.labels,
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "node.kubernetes.io/instance-type": pool.machineType,
      ...(zoneName === undefined ? {} : { "topology.kubernetes.io/zone": zoneName }),
      ...labelsOf(pool),
    },
    ...softwareOf(pool),
    ready: false,
    unschedulable: false,
  };
}

function labelsOf(pool: Pool): Readonly<Record<string, string>> {
  return {
    [POOL_LABEL]: pool.name,
    "worker.garden.sapcloud.io/group": pool.name,
    [VERSION_LABEL]: pool.kubernetesVersion,
    [KEY_LABEL]: poolKey(pool),
  };
}

/** The name that an image's own /etc/os-release has. */
const OS_NAMES: Readonly<Record<string, string>> = {
  gardenlinux: "Garden Linux",
  flatcar: "Flatcar Container Linux by Kinvolk",
  ubuntu: "Ubuntu",
};

function softwareOf(pool: Pool): { readonly kubeletVersion: string; readonly osImage: string } {
  const os = OS_NAMES[pool.image.name] ?? pool.image.name;
  return { kubeletVersion: `v${pool.kubernetesVersion}`, osImage: `${os} ${pool.image.version}` };
}
