/**
 * The wait for the end of a rollout: Gardener's operation has succeeded on the generation that was
 * written or a later one, the spec still has the target or more, and every node that the change
 * concerns runs it, as far as nodes can be listed.
 */
import { isHibernated } from "../model/operation";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { count } from "../model/text";
import { reached } from "../plan";
import { adviceFor, codesOf, isPermanentlyFailed } from "./advice";
import { awaitConditions } from "./await";
import { done, failed, waiting, type Condition, type Evaluation } from "./conditions";
import { areUpdated } from "./nodes";
import { retryText, rolloutLine } from "./rolloutLine";
import { createRolloutObserver, nodeTargets, type AwaitedWrite, type RolloutState } from "./rolloutState";
import type { AwakeTime } from "./suspension";
import { CONTINUES, lastOperationText, retryHint, sentence } from "./text";
import type { NodesResult, RolloutContext, RolloutRequest, Wait } from "./types";

/** A rollout is complete when these are met. */
const conditions: readonly Condition<RolloutState>[] = [
  specHasTarget,
  changeIsObserved,
  operationHasNotFailed,
  operationHasSucceeded,
  nodesAreListed,
  successLasts,
  nodesAreUpdated,
];

export interface AwaitResult {
  readonly shoot: Shoot;
  readonly nodes: NodesResult;
  /** How many nodes were seen to have the change. */
  readonly verified: number;
  /** Why the nodes could not be listed. */
  readonly reason?: string;
}

/** How long nodes may take to be listed once Gardener has reported the success. */
const NODES_TIMEOUT_MS = 60_000;

export async function awaitRollout(
  request: RolloutRequest,
  context: RolloutContext,
  awaited: AwaitedWrite,
  wait: Wait,
): Promise<AwaitResult> {
  const warn = createErrorWarning(request, context);
  const { shoot } = awaited;
  return awaitConditions<RolloutState, AwaitResult>(request, context, {
    shoot,
    since: wait.since,
    watchNodes: nodeTargets(request, awaited, shoot).length > 0 && !isHibernated(shoot),
    conditions,
    observe: createRolloutObserver(request, context, awaited),
    result: resultOf,
    onWaiting(state, { reason }) {
      if (state.observed) warn(state.shoot);
      wait.show(rolloutLine(state, reason));
    },
    pendingNodes: ({ observed, pools }) =>
      observed ? pools.flatMap(({ outdated }) => outdated.map(({ name }) => name)) : [],
  });
}

function specHasTarget({ request: { label, target }, shoot }: RolloutState): Evaluation {
  return reached(target, shoot) ? done : failed(lowered(label));
}

function changeIsObserved({ observed, shoot: { lastOperation: operation } }: RolloutState): Evaluation {
  if (observed) return done;
  const busy = operation !== undefined && operation.state !== "Succeeded";
  const after = busy ? ` after its ${operation.type} (${operation.state}, ${operation.progress} %)` : "";
  return waiting(`Gardener to start reconciling the change${after}`);
}

function operationHasNotFailed({ request, context, shoot }: RolloutState): Evaluation {
  return isPermanentlyFailed(shoot) ? failed(rolloutFailed(request, shoot, context)) : done;
}

function operationHasSucceeded({ complete, shoot }: RolloutState): Evaluation {
  return complete ? done : waiting(`Gardener's ${shoot.lastOperation?.type ?? "operation"} to succeed`);
}

function nodesAreListed({ concernsNodes, nodes, time, unconfirmedSince }: RolloutState): Evaluation {
  if (!concernsNodes || nodes.kind !== "unseen") return done;
  return awaitTimeout(time, unconfirmedSince, "the list of nodes");
}

/**
 * Without generations, the success that is found after an earlier run's write may be the one from
 * before it: where no node confirms it, it has to last. Gardener starts to reconcile within seconds.
 */
function successLasts({ awaited, context, time, unconfirmedSince }: RolloutState): Evaluation {
  if (awaited.write !== undefined || context.garden.capabilities.optimisticLocking) return done;
  return awaitTimeout(time, unconfirmedSince, "Gardener's success to last");
}

function nodesAreUpdated({ concernsNodes, nodes, pools }: RolloutState): Evaluation {
  if (!concernsNodes || nodes.kind !== "seen" || areUpdated(pools)) return done;
  return waiting("the last nodes, after Gardener reported success");
}

function awaitTimeout(time: AwakeTime, since: Date | undefined, reason: string): Evaluation {
  if (since === undefined || time.hasElapsed(since, NODES_TIMEOUT_MS)) return done;
  return waiting(reason, time.elapsesAt(since, NODES_TIMEOUT_MS));
}

function resultOf({ shoot, nodes, pools, concernsNodes }: RolloutState): AwaitResult {
  if (!concernsNodes) return { shoot, nodes: "none", verified: 0 };
  if (nodes.kind !== "seen") return { shoot, nodes: "notVisible", verified: 0, reason: nodes.reason };
  const verified = pools.reduce((sum, { updated }) => sum + updated.length, 0);
  return { shoot, nodes: "verified", verified };
}

/** Warns once for each set of codes: the numbers in the texts change with every attempt. */
function createErrorWarning({ label }: RolloutRequest, context: RolloutContext): (shoot: Shoot) => void {
  const warned = new Set<string>();
  return (shoot) => {
    const codes = codesOf(shoot).join(" ");
    const state = shoot.lastOperation?.state;
    if ((state !== "Error" && state !== "Failed") || shoot.lastErrors.length === 0 || warned.has(codes))
      return;
    warned.add(codes);
    const message = [`${label}: ${sentence(retryText(shoot, 400))}`, ...adviceFor(shoot)].join(" ");
    context.warn({ code: "GU059", severity: "warning", message });
  };
}

function lowered(label: string): UserError {
  return new UserError(
    "GU053",
    `${label}: the Shoot's spec no longer has the versions that were written: somebody else changed them during the rollout. ` +
      "Agree on who manages the versions, then run `pulumi preview` again. The stack's state is unchanged.",
  );
}

function rolloutFailed({ label, ref }: RolloutRequest, shoot: Shoot, { garden }: RolloutContext): UserError {
  const errors = count(Math.max(1, shoot.lastErrors.length), "error");
  return new UserError(
    "GU053",
    [
      `${label}: the rollout failed: Gardener stopped with ${errors}. ${lastOperationText(shoot)}`,
      ...adviceFor(shoot),
      retryHint(ref, garden.capabilities),
      CONTINUES,
    ].join(" "),
  );
}
