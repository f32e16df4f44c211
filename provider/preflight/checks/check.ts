/** What each check takes and returns. */
import type { Finding } from "../../model/preflight";
import type { Shoot } from "../../model/shoot";
import type { Node } from "../objects/node";
import type { ClusterObjects } from "../objects/objects";
import { itemsOf } from "../objects/listed";
import { isEvicted, type Pod } from "../objects/pod";
import type { ManagedSeed } from "../managedSeed";
import type { Work } from "../work";

export interface Inspected {
  readonly work: Work;
  readonly shoot: Shoot;
  readonly objects: ClusterObjects;
  /** Whether the garden uses the Shoot as a Seed; undefined: the target does not matter to Seeds. */
  readonly managedSeed?: ManagedSeed;
  readonly now: Date;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  /** What the check needs and could not read; a check is passed only where there is nothing of it. */
  readonly notVisible: readonly string[];
}

export type Check = (inspected: Inspected) => Inspection;

/** Nodes of the pools that the plan drains. */
export function drainedNodes({ work, objects }: Inspected): readonly Node[] {
  return itemsOf(objects.nodes).filter(({ pool }) => pool !== undefined && work.drained.has(pool));
}

/** Pods that are evicted from them. */
export function evictedPods(inspected: Inspected): readonly Pod[] {
  const names = new Set(drainedNodes(inspected).map(({ name }) => name));
  return itemsOf(inspected.objects.pods).filter(
    (pod) => pod.node !== undefined && names.has(pod.node) && isEvicted(pod),
  );
}
