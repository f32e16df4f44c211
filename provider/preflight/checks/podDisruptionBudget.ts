/**
 * PodDisruptionBudgets over pods on the nodes that the plan drains.
 *
 * Source: machine-controller-manager pkg/util/provider/drain/drain.go (v0.62). It evicts the pods of a node and repeats what the
 * API server refuses (429). A budget that will never allow it is an error of the drain at once, which is repeated until
 * machineDrainTimeout (2 h by default); then the pods are deleted without regard to budgets. Gardener looks at no budget
 * before a rollout.
 */
import { count } from "../../model/text";
import { foundObject, idOf } from "../objects/metadata";
import { covers, type PodDisruptionBudget } from "../objects/budget";
import { hidden, itemsOf } from "../objects/listed";
import type { Pod } from "../objects/pod";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import { evictedPods, type Check, type Inspected } from "./check";

const check = "podDisruptionBudget";
const neverAllowed: Rule = { check, name: "neverAllowed", severity: { nodeRoll: "block" } };
const several: Rule = { check, name: "severalBudgets", severity: { nodeRoll: "block" } };
const noneAllowedNow: Rule = { check, name: "noneAllowedNow", severity: { nodeRoll: "warn" } };
const notObserved: Rule = { check, name: "notObserved", severity: { nodeRoll: "warn" } };

const MOST_NAMES = 3;
const UNTIL_FORCED =
  "each drain waits for it until machineDrainTimeout (2 h by default), and the pods are then deleted without regard to it";

export const podDisruptionBudgets: Check = (inspected) => {
  const { objects } = inspected;
  const evicted = groupByNamespace(evictedPods(inspected));
  const budgets = groupByNamespace(itemsOf(objects.budgets));
  return {
    findings: [...budgets].flatMap(([namespace, all]) => {
      const covered = evicted.get(namespace) ?? [];
      return [
        ...all.flatMap((budget) => {
          const pods = covered.filter((pod) => covers(budget, pod));
          return pods.length === 0 ? [] : inspect(budget, pods, inspected);
        }),
        ...overlaps(all, covered, inspected),
      ];
    }),
    notVisible: hidden(objects.nodes, objects.pods, objects.budgets),
  };
};

/** A budget covers pods of its own namespace. */
function groupByNamespace<Item extends { readonly namespace: string }>(
  items: readonly Item[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.namespace);
    if (group === undefined) groups.set(item.namespace, [item]);
    else group.push(item);
  }
  return groups;
}

function inspect(budget: PodDisruptionBudget, pods: readonly Pod[], { work }: Inspected) {
  const object = foundObject("PodDisruptionBudget", budget);
  const related = pods.map((pod) => foundObject("Pod", pod));
  const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = budget.status;
  if (isMisconfigured(budget) || neverAllows(budget, pods.length)) {
    return finding(neverAllowed, work, {
      object,
      related,
      found: `it allows no eviction at any time (${specOf(budget)}, ${count(expectedPods, "pod")})`,
      why: `it covers ${count(pods.length, "pod")} on nodes that are drained: ${UNTIL_FORCED}`,
      action: "raise the replicas, or allow one disruption: maxUnavailable: 1",
    });
  }
  if (budget.generation !== budget.status.observedGeneration) {
    return finding(notObserved, work, {
      object,
      related,
      found: `its controller has not observed generation ${budget.generation}, only ${budget.status.observedGeneration}`,
      why: "the API server refuses evictions until its status is current",
      action:
        "wait for the disruption controller, and run `pulumi preview` again; if it stays so, look for what its status reports",
    });
  }
  if (disruptionsAllowed > 0 || expectedPods === 0) return [];
  const unhealthy = pods.filter(({ ready }) => !ready).map((pod) => idOf(pod));
  const holders = unhealthy.length === 0 ? "" : `; not ready: ${enumerate(unhealthy, MOST_NAMES)}`;
  return finding(noneAllowedNow, work, {
    object,
    related,
    found: `it allows no eviction now: ${currentHealthy} of ${expectedPods} pods are healthy, ${desiredHealthy} must be${holders}`,
    why: `it covers ${count(pods.length, "pod")} on nodes that are drained: while this lasts, ${UNTIL_FORCED}`,
    action: "make the pods of its workload ready first",
  });
}

/**
 * Misconfigured, as machine-controller-manager sees it in the middle of a drain (isMisconfiguredPdb): all pods are healthy, and still
 * no disruption is allowed. Unlike there, an eviction that has just been allowed and is not yet seen is no misconfiguration.
 */
export function isMisconfigured({ generation, status }: PodDisruptionBudget): boolean {
  return (
    generation === status.observedGeneration &&
    status.expectedPods > 0 &&
    status.currentHealthy >= status.expectedPods &&
    status.disruptedPods.length === 0 &&
    status.disruptionsAllowed === 0
  );
}

/** By the spec alone, also while pods are unhealthy or the status is old: even with all pods healthy no disruption would be allowed. */
export function neverAllows(
  { minAvailable, maxUnavailable, generation, status }: PodDisruptionBudget,
  pods: number,
): boolean {
  const total =
    generation === status.observedGeneration && status.expectedPods > 0 ? status.expectedPods : pods;
  if (maxUnavailable !== undefined) return valueOf(maxUnavailable, total) <= 0;
  return minAvailable !== undefined && valueOf(minAvailable, total) >= total;
}

/** Shares are rounded up for both (k8s.io/kubernetes pkg/controller/disruption). */
function valueOf(value: string, total: number): number {
  const number = Number.parseInt(value, 10);
  return value.endsWith("%") ? Math.ceil((number / 100) * total) : number;
}

function specOf({ minAvailable, maxUnavailable }: PodDisruptionBudget): string {
  if (maxUnavailable !== undefined) return `maxUnavailable: ${maxUnavailable}`;
  return minAvailable === undefined ? "no limit" : `minAvailable: ${minAvailable}`;
}

/** The API server refuses the eviction of a pod with more than one budget (k8s.io/kubernetes pkg/registry/core/pod/storage/eviction.go). */
function overlaps(budgets: readonly PodDisruptionBudget[], pods: readonly Pod[], { work }: Inspected) {
  const groups = new Map<
    string,
    { readonly budgets: readonly PodDisruptionBudget[]; readonly pods: Pod[] }
  >();
  for (const pod of pods) {
    const over = budgets
      .filter((budget) => covers(budget, pod))
      .sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
    if (over.length < 2) continue;
    const key = over.map(idOf).join(" ");
    const group = groups.get(key) ?? { budgets: over, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups].flatMap(([key, group]) => {
    const [first, ...others] = group.budgets;
    if (first === undefined) return [];
    return finding(several, work, {
      object: foundObject("PodDisruptionBudget", first),
      related: [
        ...others.map((budget) => foundObject("PodDisruptionBudget", budget)),
        ...group.pods.map((pod) => foundObject("Pod", pod)),
      ],
      part: key,
      found: `it and ${enumerate(others.map(idOf), MOST_NAMES)} cover the same ${count(group.pods.length, "pod")}`,
      why: `the API server evicts no pod with several budgets: ${UNTIL_FORCED}`,
      action: "leave one budget for these pods",
    });
  });
}
