/** What the conditions of a rollout evaluate: the Shoot and its nodes against the change that was written. */
import { isHibernated, isObserved } from "../model/operation";
import type { Step } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { isComplete, type AwaitedChange } from "./completion";
import {
  compareNodes,
  nodeTargetsOf,
  nodeTargetsOfStep,
  timeOfWrite,
  type PoolNodes,
  type PoolNodesTarget,
} from "./nodes";
import type { NodesSnapshot, Snapshot } from "./snapshot";
import type { AwakeTime } from "./suspension";
import type { RolloutContext, RolloutRequest } from "./types";

export interface AwaitedWrite {
  /** As returned by the write, or as found where an earlier run wrote. */
  readonly shoot: Shoot;
  /** Absent: an earlier run wrote. */
  readonly write?: { readonly step: Step; readonly before: Shoot; readonly at: Date };
}

export interface RolloutState {
  readonly request: RolloutRequest;
  readonly context: RolloutContext;
  readonly awaited: AwaitedWrite;
  readonly shoot: Shoot;
  readonly nodes: NodesSnapshot;
  readonly interrupted?: string;
  /** Why the drain of the nodes stands still. */
  readonly cause?: string;
  /** Gardener has started to reconcile the change. */
  readonly observed: boolean;
  /** As far as the Shoot itself reports. */
  readonly complete: boolean;
  /** Nodes have to be updated: neither hibernated nor a change that concerns none. */
  readonly concernsNodes: boolean;
  readonly pools: readonly PoolNodes[];
  /** How many nodes a pool had when the rollout began. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly time: AwakeTime;
  /** Since when Gardener has reported the success and no node could confirm it. */
  readonly unconfirmedSince?: Date;
}

/** Remembers of earlier snapshots what later ones no longer show. */
export function createRolloutObserver(
  request: RolloutRequest,
  context: RolloutContext,
  awaited: AwaitedWrite,
): (snapshot: Snapshot, time: AwakeTime) => RolloutState {
  const change: AwaitedChange = {
    uid: request.uid,
    generation: awaited.shoot.generation,
    target: request.target,
  };
  const sizes = new Map<string, number>();
  let started: Shoot | undefined;
  let unconfirmedSince: Date | undefined;

  return ({ shoot, nodes, interrupted, cause }, time) => {
    const observed = isObserved(shoot, change.generation);
    if (observed) started ??= shoot;
    const targets = nodeTargets(request, awaited, shoot, started);
    const pools = nodes.kind === "seen" ? compareNodes(targets, nodes.nodes) : [];
    for (const { target, updated, outdated } of pools) {
      if (!sizes.has(target.pool)) sizes.set(target.pool, updated.length + outdated.length);
    }
    const complete = isComplete(shoot, change);
    const concernsNodes = targets.length > 0 && !isHibernated(shoot);
    if (!complete || (concernsNodes && nodes.kind === "seen")) unconfirmedSince = undefined;
    else unconfirmedSince ??= time.now();
    return {
      request,
      context,
      awaited,
      shoot,
      nodes,
      interrupted,
      cause,
      observed,
      complete,
      concernsNodes,
      pools,
      sizes,
      time,
      unconfirmedSince,
    };
  };
}

/** @param started the first state in which Gardener has observed the change. */
export function nodeTargets(
  { target, lastVerified }: RolloutRequest,
  { write }: AwaitedWrite,
  shoot: Shoot,
  started?: Shoot,
): readonly PoolNodesTarget[] {
  if (write === undefined) return nodeTargetsOf(target, shoot, lastVerified);
  return nodeTargetsOfStep(write.step, shoot, timeOfWrite(write.at, write.before, started));
}
