/** What the plan drains, found once for all rules: a Shoot may have thousands of pods and volumes. */
import { idOf } from "../objects/metadata";
import { itemsOf } from "../objects/listed";
import { isEvicted, workloadOf, type Pod } from "../objects/pod";
import type { PersistentVolume } from "../objects/volumes";
import { drainedNodes, type Inspected } from "./check";

export interface Drained {
  readonly inspected: Inspected;
  /** Of the nodes. */
  readonly names: ReadonlySet<string>;
  /** By the `namespace/name` of their claims. */
  readonly volumes: ReadonlyMap<string, PersistentVolume>;
  /** Pods of all nodes that are not terminating, by their workload. */
  readonly members: ReadonlyMap<string, readonly Pod[]>;
}

export function findDrained(inspected: Inspected): Drained {
  const { objects } = inspected;
  const alive = itemsOf(objects.pods).filter((pod) => isEvicted(pod) && pod.deletionTimestamp === undefined);
  return {
    inspected,
    names: new Set(drainedNodes(inspected).map(({ name }) => name)),
    volumes: new Map(
      itemsOf(objects.volumes).flatMap((volume) =>
        volume.claim === undefined ? [] : [[volume.claim, volume] as const],
      ),
    ),
    members: groupByWorkload(alive),
  };
}

export function groupByWorkload(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const workload = workloadOf(pod);
    if (workload === undefined) continue;
    const id = `${workload.kind} ${idOf({ namespace: pod.namespace, name: workload.name })}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [pod]);
    else group.push(pod);
  }
  return groups;
}
