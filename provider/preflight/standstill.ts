/** Why the drain of nodes stands still: which node, which pod, which budget. */
import type { Garden } from "../garden/garden";
import type { Access } from "../model/enums";
import type { Shoot } from "../model/shoot";
import { visible } from "../model/text";
import { covers } from "./objects/budget";
import { itemsOf } from "./objects/listed";
import { idOf } from "./objects/metadata";
import type { ClusterObjects } from "./objects/objects";
import { isEvicted, type Pod } from "./objects/pod";
import { openCluster } from "./preflight";
import { readDrainObjects } from "./read";
import { enumerate } from "./text";

type DrainObjects = Pick<ClusterObjects, "nodes" | "pods" | "budgets">;

const READ_MS = 30_000;
const MOST_CAUSES = 3;

/** Undefined: no cause is visible. @param nodes names of those that are waited for. */
export async function explainStandstill(
  garden: Garden,
  shoot: Shoot,
  nodes: readonly string[],
  access: Access,
): Promise<string | undefined> {
  const cluster = await openCluster(garden, shoot, access);
  if (typeof cluster === "string") return undefined;
  return standstillCause(await readDrainObjects(cluster, AbortSignal.timeout(READ_MS)), nodes);
}

/** Of the nodes that are being drained, which machine-controller-manager has cordoned. */
export function standstillCause(objects: DrainObjects, nodes: readonly string[]): string | undefined {
  const drained = itemsOf(objects.nodes).filter(
    ({ name, unschedulable }) => unschedulable && nodes.includes(name),
  );
  const causes = drained.flatMap(({ name }) =>
    itemsOf(objects.pods)
      .filter((pod) => pod.node === name && isEvicted(pod))
      .flatMap((pod) => causesOf(pod, objects).map((cause) => `node ${name}: ${cause}`)),
  );
  return causes.length === 0 ? undefined : visible(enumerate(causes, MOST_CAUSES));
}

function causesOf(pod: Pod, { budgets }: DrainObjects): readonly string[] {
  if (pod.deletionTimestamp !== undefined) {
    return [`Pod ${idOf(pod)} is terminating (grace period ${pod.gracePeriodSeconds} s)`];
  }
  const over = itemsOf(budgets).filter((budget) => covers(budget, pod));
  if (over.length > 1) {
    return [
      `Pod ${idOf(pod)} is not evicted: it has several PodDisruptionBudgets, ${over.map(idOf).join(" and ")}`,
    ];
  }
  return over
    .filter(({ status }) => status.disruptionsAllowed === 0)
    .map((budget) => {
      const { currentHealthy, desiredHealthy } = budget.status;
      return `PodDisruptionBudget ${idOf(budget)} does not allow the eviction of Pod ${idOf(pod)} (${currentHealthy} healthy, ${desiredHealthy} must be)`;
    });
}
