/**
 * Follows a change that is written to its end: Gardener's operation has succeeded on our generation
 * or a later one, the spec still asks for the target or more, and every node that the change
 * concerns has it, as far as nodes can be seen.
 */
import { isObserved, isHibernated } from "../model/operation";
import { UserError } from "../model/problem";
import type { Step } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached } from "../plan";
import { adviceFor, codesOf, isHopeless } from "./advice";
import { isComplete } from "./completion";
import {
  areUpdated,
  nodeTargetsOfStep,
  nodeTargetsOf,
  compareNodes,
  timeOfWrite,
  type PoolNodesTarget,
  type PoolNodes,
} from "./nodes";
import { awaitCondition, type Evaluation } from "./await";
import { progressLine } from "./progress";
import { count, CONTINUES, lastOperationText, retryHint, sentence, shortenMiddle } from "./text";
import type { NodesVerdict, RolloutContext, RolloutRequest, Wait } from "./types";
import type { Snapshot } from "./snapshot";

export interface AwaitedWrite {
  /** As answered by the write, or as found where an earlier run wrote. */
  readonly shoot: Shoot;
  /** Absent: an earlier run wrote. */
  readonly write?: { readonly step: Step; readonly before: Shoot; readonly at: Date };
}

export interface AwaitResult {
  readonly shoot: Shoot;
  readonly nodes: NodesVerdict;
  /** How many nodes were seen to have the change. */
  readonly verified: number;
  /** Why nobody could look. */
  readonly reason?: string;
}

/** How long a look inside may take to come about once everything else is done. */
export const NODES_TIMEOUT_MS = 60_000;

export async function awaitRollout(
  request: RolloutRequest,
  context: RolloutContext,
  followed: AwaitedWrite,
  wait: Wait,
): Promise<AwaitResult> {
  const { label, position, stepPosition: step, target } = request;
  const change = { uid: request.uid, generation: followed.shoot.generation, target };
  const sizes = new Map<string, number>();
  const warned = new Set<string>();
  let started: Shoot | undefined;
  let succeeded: Date | undefined;

  function goalsIn(shoot: Shoot): readonly PoolNodesTarget[] {
    if (followed.write === undefined) return nodeTargetsOf(target, shoot, request.lastVerified);
    const { step, before, at } = followed.write;
    return nodeTargetsOfStep(step, shoot, timeOfWrite(at, before, started));
  }

  function judge(snapshot: Snapshot): Evaluation<AwaitResult> {
    const { shoot, nodes } = snapshot;
    if (!reached(target, shoot)) throw lowered(label);
    const taken = isObserved(shoot, change.generation);
    if (taken) started ??= shoot;
    const targets = goalsIn(shoot);
    const pools = nodes.kind === "seen" ? compareNodes(targets, nodes.nodes) : [];
    for (const { target: goal, updated: fresh, outdated: old } of pools) {
      if (!sizes.has(goal.pool)) sizes.set(goal.pool, fresh.length + old.length);
    }
    if (!taken) return queued(snapshot, pools);
    if (isHopeless(shoot)) throw failed(request, shoot, context);
    warnOnce(shoot);

    if (!isComplete(shoot, change)) {
      succeeded = undefined;
      return running(snapshot, pools, `Gardener's ${shoot.lastOperation?.type ?? "operation"} to succeed`);
    }
    if (targets.length === 0 || isHibernated(shoot)) return believed(snapshot) ?? complete(shoot, "none");
    if (nodes.kind === "hidden") return believed(snapshot) ?? complete(shoot, "notVisible", 0, nodes.reason);
    if (nodes.kind === "unseen") {
      succeeded ??= context.clock.now();
      const patience = new Date(succeeded.getTime() + NODES_TIMEOUT_MS);
      if (context.clock.now() >= patience) return complete(shoot, "notVisible", 0, nodes.reason);
      return { ...running(snapshot, pools, "a look at the nodes"), again: patience };
    }
    if (areUpdated(pools)) {
      return complete(
        shoot,
        "verified",
        pools.reduce((sum, { updated: fresh }) => sum + fresh.length, 0),
      );
    }
    return running(snapshot, pools, "the last nodes, after Gardener reported success");
  }

  /**
   * Without generations, the success that an earlier run's write is found with may be the one from
   * before it: where no node tells, it has to last. Gardener takes a change up within seconds.
   */
  function believed(snapshot: Snapshot): (Evaluation<AwaitResult> & { kind: "wait" }) | undefined {
    if (followed.write !== undefined || context.garden.capabilities.optimisticLocking) return undefined;
    succeeded ??= context.clock.now();
    const until = new Date(succeeded.getTime() + NODES_TIMEOUT_MS);
    if (context.clock.now() >= until) return undefined;
    return { ...running(snapshot, [], "Gardener's success to last"), again: until };
  }

  /** Nodes may tell of the change before the Shoot does, where that is only looked at now and then. */
  function queued(
    { shoot, interrupted }: Snapshot,
    pools: readonly PoolNodes[],
  ): Evaluation<AwaitResult> & { kind: "wait" } {
    const { lastOperation: operation } = shoot;
    const busy = operation !== undefined && operation.state !== "Succeeded";
    const before = busy ? ` behind its ${operation.type} (${operation.state}, ${operation.progress} %)` : "";
    const waitsFor = `Gardener to take up the change${before}`;
    return {
      kind: "wait",
      for: waitsFor,
      line: progressLine({
        label,
        position,
        stepPosition: step,
        stage: "queued",
        pools,
        sizes,
        note:
          interruption(interrupted) ??
          (pools.some(({ updated: fresh }) => fresh.length > 0) ? undefined : `waiting for ${waitsFor}`),
      }),
    };
  }

  function running(
    snapshot: Snapshot,
    pools: readonly PoolNodes[],
    waitsFor: string,
  ): Evaluation<AwaitResult> & { kind: "wait" } {
    const { lastOperation: operation } = snapshot.shoot;
    return {
      kind: "wait",
      for: waitsFor,
      line: progressLine({
        label,
        position,
        stepPosition: step,
        operation,
        stage: "waiting",
        pools,
        sizes,
        note:
          interruption(snapshot.interrupted) ??
          (operation?.state === "Error" ? retryText(snapshot.shoot) : undefined),
      }),
      behind: pools.flatMap(({ outdated: old }) => old.map(({ name }) => name)),
    };
  }

  /** Once for each set of codes: the numbers in the texts change with every attempt. */
  function warnOnce(shoot: Shoot): void {
    const key = codesOf(shoot).join(" ");
    const state = shoot.lastOperation?.state;
    if ((state !== "Error" && state !== "Failed") || shoot.lastErrors.length === 0 || warned.has(key)) return;
    warned.add(key);
    const message = [`${label}: ${sentence(retryText(shoot, 400))}`, ...adviceFor(shoot)].join(" ");
    context.warn({ code: "GU059", severity: "warning", message });
  }

  const lookInside = goalsIn(followed.shoot).length > 0 && !isHibernated(followed.shoot);
  return awaitCondition(request, context, { ...wait, shoot: followed.shoot, watchNodes: lookInside }, judge);
}

function complete(shoot: Shoot, nodes: NodesVerdict, verified = 0, reason?: string): Evaluation<AwaitResult> {
  return { kind: "end", value: { shoot, nodes, verified, reason } };
}

function interruption(interrupted: string | undefined): string | undefined {
  return interrupted === undefined ? undefined : `no news from the garden: ${interrupted}`;
}

function retryText({ lastErrors, lastOperation }: Shoot, longest = 80): string {
  const errors = lastErrors.map(({ description }) => description);
  const text = errors.length === 0 ? (lastOperation?.description ?? "") : errors.join(" · ");
  return `Gardener tries again after: ${shortenMiddle(text, longest)}`;
}

function lowered(label: string): UserError {
  return new UserError(
    "GU053",
    `${label}: the Shoot no longer asks for the versions that were written: somebody else has changed them during the rollout. ` +
      "Agree on who manages them, then run `pulumi preview` again. The stack's state is unchanged.",
  );
}

function failed({ label, ref }: RolloutRequest, shoot: Shoot, { garden }: RolloutContext): UserError {
  const errors = count(Math.max(1, shoot.lastErrors.length), "error");
  return new UserError(
    "GU053",
    [
      `${label}: the rollout failed, Gardener stopped with ${errors}. ${lastOperationText(shoot)}`,
      ...adviceFor(shoot),
      retryHint(ref, garden.capabilities),
      CONTINUES,
    ].join(" "),
  );
}
