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
import { workloadOf, type Pod } from "../objects/pod";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import { evictedPods, type Check, type Inspected } from "./check";
import { findDrained, groupByWorkload, type Drained } from "./drained";
import { emptyDirs } from "./emptyDir";
import { inspectNodes } from "./drainedNodes";
import { pinned, placement } from "./placement";
import { ofTaintedNodes } from "./taints";

const check = "drain";
const nodeBoundVolume: Rule = { check, name: "nodeBoundVolume", severity: { nodeRoll: "block" } };
const noController: Rule = { check, name: "noController", severity: { nodeRoll: "warn" } };
const unreadyStatefulSet: Rule = { check, name: "unreadyStatefulSet", severity: { nodeRoll: "warn" } };
const longGracePeriod: Rule = { check, name: "longGracePeriod", severity: { nodeRoll: "info" } };
const hostPath: Rule = { check, name: "hostPath", severity: { nodeRoll: "info" } };
const singleReplica: Rule = { check, name: "singleReplica", severity: { nodeRoll: "info" } };

const LONG_GRACE_SECONDS = 600;

export const drain: Check = (inspected) => {
  const { objects } = inspected;
  const drained = findDrained(inspected);
  const pods = evictedPods(inspected).filter((pod) => !isGardeners(pod));
  return {
    findings: [
      ...inspectNodes(inspected),
      ...pods.flatMap((pod) => [
        ...volumes(pod, drained),
        ...pinned(pod, drained),
        ...uncontrolled(pod, inspected),
      ]),
      ...workloads(pods, drained),
      ...statefulSets(pods, inspected),
      ...emptyDirs(pods, inspected),
    ],
    notVisible: hidden(objects.nodes, objects.pods, objects.volumes, objects.statefulSets),
  };
};

function volumes(pod: Pod, { inspected: { work }, names, volumes: byClaim }: Drained): readonly Finding[] {
  const bound = pod.claims
    .flatMap((name) => byClaim.get(`${pod.namespace}/${name}`) ?? [])
    .filter(({ nodes }) => nodes.length > 0 && nodes.every((node) => names.has(node)));
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

function uncontrolled(pod: Pod, { work }: Inspected): readonly Finding[] {
  if (pod.controller !== undefined) return [];
  return finding(noController, work, {
    object: foundObject("Pod", pod),
    found: "it has no controller",
    why: "the drain deletes it, and nothing creates it again",
    action: "create it by a Deployment, StatefulSet or Job",
  });
}

/** What concerns the pods of one controller together. */
function workloads(pods: readonly Pod[], drained: Drained): readonly Finding[] {
  const { work } = drained.inspected;
  return [...groupByWorkload(pods)].flatMap(([id, [pod]]) => {
    const workload = pod && workloadOf(pod);
    if (pod === undefined || workload === undefined || workload.kind === "Job") return [];
    const members = drained.members.get(id) ?? [];
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
      ...placement(object, pod, members, drained),
      ...ofTaintedNodes(object, pod, drained),
    ];
  });
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
