/**
 * Where evicted pods can be scheduled: new nodes have new names and the labels of their worker pool alone. While a node is drained
 * it is cordoned, and a topology spread constraint still counts it (nodeTaintsPolicy Ignore, the default).
 */
import type { Finding, FoundObject } from "../../model/preflight";
import { surgeOf } from "../../plan";
import { foundObject } from "../objects/metadata";
import { itemsOf } from "../objects/listed";
import { admits, namesOf, ownLabels } from "../objects/nodeSelector";
import type { Node } from "../objects/node";
import type { Pod, Spread } from "../objects/pod";
import { untolerated } from "../objects/taint";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import type { Drained } from "./drained";

const check = "drain";
const pinnedToNode: Rule = { check, name: "pinnedToNode", severity: { nodeRoll: "warn" } };
const labelledNodes: Rule = { check, name: "labelledNodes", severity: { nodeRoll: "warn" } };
const noRoom: Rule = { check, name: "noRoom", severity: { nodeRoll: "warn" } };

/** @param members all pods of the workload. */
export function placement(
  object: FoundObject,
  pod: Pod,
  members: readonly Pod[],
  drained: Drained,
): readonly Finding[] {
  return [...ofLabelledNodes(object, pod, drained), ...withoutRoom(object, pod, members, drained)];
}

/** What concerns one pod by itself. */
export function pinned(pod: Pod, { inspected: { work }, names }: Drained): readonly Finding[] {
  const nodes = namesOf(pod.nodeSelector);
  if (nodes.length === 0 || !nodes.every((node) => names.has(node))) return [];
  return finding(pinnedToNode, work, {
    object: foundObject("Pod", pod),
    found: `it is scheduled on the node ${enumerate(nodes, 2)} only`,
    why: "that node is replaced by one with another name: the pod is never scheduled again",
    action: "select nodes by a label of the worker pool instead of kubernetes.io/hostname",
  });
}

/** Of the nodes of one pool some have the label and others do not: the pool does not give it to new ones. */
function ofLabelledNodes(
  object: FoundObject,
  pod: Pod,
  { inspected: { work, objects }, names }: Drained,
): readonly Finding[] {
  const selector = ownLabels(pod.nodeSelector);
  if (selector.length === 0 || namesOf(pod.nodeSelector).length > 0) return [];
  const nodes = itemsOf(objects.nodes);
  const admitting = nodes.filter((node) => admits(selector, node));
  const pool = nodes.find(({ name }) => name === pod.node)?.pool;
  const ofPool = nodes.filter((node) => node.pool === pool);
  const stays = admitting.some(({ name }) => !names.has(name));
  const labelled = ofPool.filter((node) => admits(selector, node));
  if (stays || labelled.length === 0 || labelled.length === ofPool.length) return [];
  const keys = [...new Set(selector.flatMap((term) => term.map(({ key }) => key)))];
  return finding(labelledNodes, work, {
    object,
    related: labelled.map((node) => foundObject("Node", node)),
    found: `it requires nodes with ${enumerate(keys, 2)}, which ${labelled.length} of ${ofPool.length} nodes of worker pool ${pool ?? ""} have`,
    why: "new nodes have the labels of their pool alone: its pods are never scheduled again",
    action: "set the label in the worker pool (spec.provider.workers[].labels)",
  });
}

/** With a surge there is a new node first; without one, such a pod waits until its node is replaced. */
function withoutRoom(
  object: FoundObject,
  pod: Pod,
  members: readonly Pod[],
  { inspected: { work, shoot, objects } }: Drained,
): readonly Finding[] {
  const nodes = itemsOf(objects.nodes);
  const node = nodes.find(({ name }) => name === pod.node);
  const pool = shoot.workers.find(({ name }) => name === node?.pool);
  if (node === undefined || pool === undefined || surgeOf(pool) > 0) return [];
  const usable = nodes.filter(({ ready, unschedulable }) => ready && !unschedulable);
  const suitable = usable.filter((other) => other.name !== node.name && admits(pod.nodeSelector, other));
  const others = suitable.filter(({ taints }) => untolerated(taints, pod.tolerations).length === 0);
  const reason =
    suitable.length > 0 && others.length === 0
      ? "taints that its pods do not tolerate"
      : whyNoRoom(pod, node, others, members);
  if (reason === undefined) return [];
  return finding(noRoom, work, {
    object,
    related: members.map((member) => foundObject("Pod", member)),
    found: `while its node is drained no other one accepts an evicted pod (${reason})`,
    why: `worker pool ${pool.name} has no surge: the pod is pending until its node is replaced`,
    action: "set maxSurge of the worker pool to 1, or run one replica less",
  });
}

function whyNoRoom(
  pod: Pod,
  node: Node,
  others: readonly Node[],
  members: readonly Pod[],
): string | undefined {
  // A pool with a single node for everything: the check of the Shoot reports it.
  if (others.length === 0) return pod.nodeSelector.length === 0 ? undefined : "its node selector";
  const occupied = new Set(members.map((member) => member.node));
  if (others.every(({ name }) => occupied.has(name))) {
    if (pod.hostPorts.length > 0) return `host port ${enumerate(pod.hostPorts.map(String), 2)}`;
    if (pod.aloneOnNode) return "pod anti-affinity";
  }
  const violated = pod.spreads.find((spread) => isViolated(spread, node, others, members));
  return violated && `topology spread over ${violated.topologyKey}, maxSkew ${violated.maxSkew}`;
}

/** The domain of the drained node counts with no pod, so that no other may have more than maxSkew. */
function isViolated(
  { topologyKey, maxSkew }: Spread,
  node: Node,
  others: readonly Node[],
  members: readonly Pod[],
): boolean {
  const domain = node.labels[topologyKey];
  const rest = others.filter(({ labels }) => topologyKey in labels);
  if (domain === undefined || rest.some(({ labels }) => labels[topologyKey] === domain)) return false;
  return rest.every(({ labels }) => {
    const names = rest.filter((other) => other.labels[topologyKey] === labels[topologyKey]);
    const pods = members.filter((member) => names.some(({ name }) => name === member.node));
    return pods.length >= maxSkew;
  });
}
