/**
 * Evicted pods that no node accepts because of its taints. They run where they are, because they were scheduled before the taint was
 * set (NoSchedule evicts nothing). New nodes have the taints of their worker pool alone.
 */
import type { Finding, FoundObject } from "../../model/preflight";
import { POOL_LABEL, type Taint } from "../../model/shoot";
import { itemsOf } from "../objects/listed";
import { admits, namesOf } from "../objects/nodeSelector";
import type { Pod } from "../objects/pod";
import { taintText, untolerated } from "../objects/taint";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import type { Inspected } from "./check";
import type { Drained } from "./drained";

const untoleratedTaints: Rule = {
  check: "drain",
  name: "untoleratedTaints",
  severity: { nodeRoll: "warn" },
};

/** Of one that is bound to a node by its name, that is reported instead. */
export function ofTaintedNodes(object: FoundObject, pod: Pod, { inspected }: Drained): readonly Finding[] {
  if (namesOf(pod.nodeSelector).length > 0) return [];
  const places = taintsOfPlaces(pod, inspected);
  const unacceptable = places.map((taints) => untolerated(taints, pod.tolerations));
  if (places.length === 0 || unacceptable.some((taints) => taints.length === 0)) return [];
  const taints = [...new Set(unacceptable.flat().map(taintText))].sort();
  return finding(untoleratedTaints, inspected.work, {
    object,
    found: `its pods do not tolerate the taints of the nodes that they may use (${enumerate(taints, 3)})`,
    why: "they were scheduled before these taints were set: once evicted, they are never scheduled again",
    action: "add a toleration to its pods, or remove the taint from the worker pool",
  });
}

/** The taints of each node on which a new pod may be placed, by its labels. */
function taintsOfPlaces(pod: Pod, { work, shoot, objects }: Inspected): readonly (readonly Taint[])[] {
  const nodes = itemsOf(objects.nodes);
  const pools = new Map(shoot.workers.map((pool) => [pool.name, pool]));
  const populated = new Set(nodes.map(({ pool }) => pool));
  return [
    ...nodes
      .filter((node) => admits(pod.nodeSelector, node))
      .map(({ pool: name = "", taints }) =>
        work.drained.has(name) ? (pools.get(name)?.taints ?? taints) : taints,
      ),
    ...shoot.workers
      .filter(({ name, maximum }) => maximum > 0 && !populated.has(name) && mayAdmit(pod, name))
      .map(({ taints }) => taints),
  ];
}

/** Of labels of nodes that do not exist yet, only this one is known: that the others suit is assumed. */
function mayAdmit({ nodeSelector }: Pod, pool: string): boolean {
  const known = nodeSelector.map((term) => term.filter(({ key }) => key === POOL_LABEL));
  return admits(known, { name: "", labels: { [POOL_LABEL]: pool } });
}
