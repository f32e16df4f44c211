/**
 * Pods and nodes that a drain waits for, or that lose something by it.
 *
 * Source: machine-controller-manager pkg/util/provider/drain/drain.go (v0.62): all pods but those of DaemonSets and mirror
 * pods are evicted, also those without a controller and those with local storage; a grace period counts up to
 * machineDrainTimeout. The names of new nodes are new.
 */
import type { Finding } from "../../model/preflight";
import { count } from "../../model/text";
import { foundObject, idOf, isGardeners } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { isEvicted, workloadOf, type Pod } from "../objects/pod";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import { drainedNodes, evictedPods, type Check, type Inspected } from "./check";
import { inspectNodes } from "./drainedNodes";

const check = "drain";
const nodeBoundVolume: Rule = { check, name: "nodeBoundVolume", severity: { nodeRoll: "block" } };
const pinnedToNode: Rule = { check, name: "pinnedToNode", severity: { nodeRoll: "warn" } };
const noController: Rule = { check, name: "noController", severity: { nodeRoll: "warn" } };
const noRoom: Rule = { check, name: "noRoom", severity: { nodeRoll: "warn" } };
const unreadyStatefulSet: Rule = { check, name: "unreadyStatefulSet", severity: { nodeRoll: "warn" } };
const longGracePeriod: Rule = { check, name: "longGracePeriod", severity: { nodeRoll: "info" } };
const hostPath: Rule = { check, name: "hostPath", severity: { nodeRoll: "info" } };
const singleReplica: Rule = { check, name: "singleReplica", severity: { nodeRoll: "info" } };

const LONG_GRACE_SECONDS = 600;

export const drain: Check = (inspected) => {
  const { objects } = inspected;
  const pods = evictedPods(inspected).filter((pod) => !isGardeners(pod));
  return {
    findings: [
      ...inspectNodes(inspected),
      ...pods.flatMap((pod) => [
        ...volumes(pod, inspected),
        ...scheduling(pod, inspected),
        ...single(pod, inspected),
      ]),
      ...workloads(pods, inspected),
      ...statefulSets(pods, inspected),
    ],
    notVisible: hidden(objects.nodes, objects.pods, objects.volumes, objects.statefulSets),
  };
};

function volumes(pod: Pod, inspected: Inspected): readonly Finding[] {
  const { work, objects } = inspected;
  const drained = new Set(drainedNodes(inspected).map(({ name }) => name));
  const claims = new Set(pod.claims.map((name) => `${pod.namespace}/${name}`));
  const bound = itemsOf(objects.volumes).filter(
    ({ claim, nodes }) =>
      claim !== undefined &&
      claims.has(claim) &&
      nodes.length > 0 &&
      nodes.every((node) => drained.has(node)),
  );
  return [
    ...bound.flatMap((volume) =>
      finding(nodeBoundVolume, work, {
        object: foundObject("PersistentVolume", volume),
        related: [foundObject("Pod", pod)],
        found: `it can be used on ${enumerate(volume.nodes, 2)} only, and that node is replaced`,
        why: `its data is lost with the node, and Pod ${idOf(pod)} is never scheduled again`,
        action: "move the data to a volume that is not bound to a node, or leave this worker pool as it is",
      }),
    ),
    ...(pod.hostPaths.length === 0
      ? []
      : finding(hostPath, work, {
          object: foundObject("Pod", pod),
          found: `it uses ${enumerate(pod.hostPaths, 3)} of its node`,
          why: "the node is replaced, and what is stored there is lost",
          action: "check that nothing is stored there that is needed",
        })),
  ];
}

function scheduling(pod: Pod, inspected: Inspected): readonly Finding[] {
  const { work } = inspected;
  const drained = new Set(drainedNodes(inspected).map(({ name }) => name));
  if (pod.pinnedTo.length === 0 || !pod.pinnedTo.every((node) => drained.has(node))) return [];
  return finding(pinnedToNode, work, {
    object: foundObject("Pod", pod),
    found: `it is scheduled on the node ${enumerate(pod.pinnedTo, 2)} only`,
    why: "that node is replaced by one with another name: the pod is never scheduled again",
    action: "select nodes by a label of the worker pool instead of kubernetes.io/hostname",
  });
}

/** What concerns one pod by itself. */
function single(pod: Pod, { work }: Inspected): readonly Finding[] {
  if (pod.controller === undefined) {
    return finding(noController, work, {
      object: foundObject("Pod", pod),
      found: "it has no controller",
      why: "the drain deletes it, and nothing creates it again",
      action: "create it by a Deployment, StatefulSet or Job",
    });
  }
  return [];
}

/** What concerns the pods of one controller together. */
function workloads(pods: readonly Pod[], inspected: Inspected): readonly Finding[] {
  const { work, objects } = inspected;
  const alive = itemsOf(objects.pods).filter((pod) => isEvicted(pod) && pod.deletionTimestamp === undefined);
  const groups = groupByWorkload(pods);
  const all = groupByWorkload(alive);
  return [...groups].flatMap(([id, [pod]]) => {
    const workload = pod && workloadOf(pod);
    if (pod === undefined || workload === undefined || workload.kind === "Job") return [];
    const members = all.get(id) ?? [];
    const object = { kind: workload.kind, name: `${pod.namespace}/${workload.name}` };
    return [
      ...(members.length > 1
        ? []
        : finding(singleReplica, work, {
            object,
            related: [foundObject("Pod", pod)],
            found: "it has one replica",
            why: "it is not available between the eviction and the start of the new pod",
            action: "run two replicas, or accept the interruption",
          })),
      ...(pod.gracePeriodSeconds < LONG_GRACE_SECONDS
        ? []
        : finding(longGracePeriod, work, {
            object,
            found: `its pods have ${count(Math.round(pod.gracePeriodSeconds / 60), "minute")} to terminate`,
            why: "each node with such a pod may take as long, at most machineDrainTimeout",
            action: "shorten terminationGracePeriodSeconds, or plan for a long rollout",
          })),
      ...withoutRoom(object, pod, members, inspected),
    ];
  });
}

/** With a surge there is a new node first; without one, a pod that shares no node waits until its node is replaced. */
function withoutRoom(
  object: Finding["object"],
  pod: Pod,
  members: readonly Pod[],
  inspected: Inspected,
): readonly Finding[] {
  const { work, shoot, objects } = inspected;
  const reason =
    pod.hostPorts.length > 0
      ? `host port ${pod.hostPorts.join(", ")}`
      : pod.aloneOnNode
        ? "pod anti-affinity"
        : undefined;
  const pool = itemsOf(objects.nodes).find(({ name }) => name === pod.node)?.pool;
  const surge = shoot.workers.find(({ name }) => name === pool)?.maxSurge;
  const nodes = itemsOf(objects.nodes).filter(({ ready, unschedulable }) => ready && !unschedulable);
  if (reason === undefined || !isNone(surge) || members.length < nodes.length) return [];
  return finding(noRoom, work, {
    object,
    related: members.map((member) => foundObject("Pod", member)),
    found: `it has as many pods as there are nodes, and each requires a node of its own (${reason})`,
    why: `worker pool ${pool ?? ""} has no surge: an evicted pod is pending until its node is replaced`,
    action: "set maxSurge of the worker pool to 1, or run one replica less",
  });
}

function isNone(surge: number | string | undefined): boolean {
  return surge !== undefined && Number.parseInt(String(surge), 10) === 0;
}

function statefulSets(pods: readonly Pod[], { work, objects }: Inspected): readonly Finding[] {
  const owners = new Set(
    pods.flatMap(({ namespace, controller }) =>
      controller?.kind === "StatefulSet" ? [`${namespace}/${controller.name}`] : [],
    ),
  );
  return itemsOf(objects.statefulSets)
    .filter((set) => owners.has(idOf(set)) && set.readyReplicas < set.replicas)
    .flatMap((set) =>
      finding(unreadyStatefulSet, work, {
        object: foundObject("StatefulSet", set),
        found: `${set.readyReplicas} of ${set.replicas} replicas are ready`,
        why: "its pods are evicted one after the other while it has none to spare",
        action: "make all of its pods ready first",
      }),
    );
}

function groupByWorkload(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const workload = workloadOf(pod);
    if (workload === undefined) continue;
    const id = `${workload.kind} ${pod.namespace}/${workload.name}`;
    groups.set(id, [...(groups.get(id) ?? []), pod]);
  }
  return groups;
}
