/**
 * Follows a change that is written to its end: Gardener's operation has succeeded on our generation
 * or a later one, the spec still asks for the target or more, and every node that the change
 * concerns has it, as far as nodes can be seen.
 */
import { UserError } from "../model/problem";
import type { Hop } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { reached } from "../plan";
import { adviceFor, codesOf, isHopeless } from "./advice";
import { hasStarted, isDone, sleeps } from "./done";
import { areDone, goalsOf, goalsOfTarget, look, timeOfWrite, type PoolGoal, type PoolLook } from "./nodes";
import { observe, type Judgement } from "./observe";
import { progressLine } from "./progress";
import { count, GOES_ON, lastWords, retryHint, sentence, condense } from "./text";
import type { NodesVerdict, RolloutContext, RolloutRequest, Wait } from "./types";
import type { View } from "./view";

export interface Followed {
  /** As answered by the write, or as found where an earlier run wrote. */
  readonly shoot: Shoot;
  /** Absent: an earlier run wrote. */
  readonly write?: { readonly hop: Hop; readonly before: Shoot; readonly at: Date };
}

export interface Arrival {
  readonly shoot: Shoot;
  readonly nodes: NodesVerdict;
  /** How many nodes were seen to have the change. */
  readonly verified: number;
  /** Why nobody could look. */
  readonly reason?: string;
}

/** How long a look inside may take to come about once everything else is done. */
export const LOOK_MS = 60_000;

export async function follow(
  request: RolloutRequest,
  context: RolloutContext,
  followed: Followed,
  wait: Wait,
): Promise<Arrival> {
  const { label, position, step, target } = request;
  const aim = { uid: request.uid, generation: followed.shoot.generation, target };
  const sizes = new Map<string, number>();
  const warned = new Set<string>();
  let started: Shoot | undefined;
  let succeeded: Date | undefined;

  function goalsIn(shoot: Shoot): readonly PoolGoal[] {
    if (followed.write === undefined) return goalsOfTarget(target, shoot, request.lastVerified);
    const { hop, before, at } = followed.write;
    return goalsOf(hop, shoot, timeOfWrite(at, before, started));
  }

  function judge(view: View): Judgement<Arrival> {
    const { shoot, nodes } = view;
    if (!reached(target, shoot)) throw lowered(label);
    const taken = hasStarted(shoot, aim);
    if (taken) started ??= shoot;
    const goals = goalsIn(shoot);
    const looks = nodes.kind === "seen" ? look(goals, nodes.nodes) : [];
    for (const { goal, fresh, old } of looks) {
      if (!sizes.has(goal.pool)) sizes.set(goal.pool, fresh.length + old.length);
    }
    if (!taken) return queued(view, looks);
    if (isHopeless(shoot)) throw failed(request, shoot, context);
    warnOnce(shoot);

    if (!isDone(shoot, aim)) {
      succeeded = undefined;
      return running(view, looks, `Gardener's ${shoot.lastOperation?.type ?? "operation"} to succeed`);
    }
    if (goals.length === 0 || sleeps(shoot)) return believed(view) ?? arrived(shoot, "none");
    if (nodes.kind === "hidden") return believed(view) ?? arrived(shoot, "notVisible", 0, nodes.reason);
    if (nodes.kind === "unseen") {
      succeeded ??= context.clock.now();
      const patience = new Date(succeeded.getTime() + LOOK_MS);
      if (context.clock.now() >= patience) return arrived(shoot, "notVisible", 0, nodes.reason);
      return { ...running(view, looks, "a look at the nodes"), again: patience };
    }
    if (areDone(looks)) {
      return arrived(
        shoot,
        "verified",
        looks.reduce((sum, { fresh }) => sum + fresh.length, 0),
      );
    }
    return running(view, looks, "the last nodes, after Gardener reported success");
  }

  /**
   * Without generations, the success that an earlier run's write is found with may be the one from
   * before it: where no node tells, it has to last. Gardener takes a change up within seconds.
   */
  function believed(view: View): (Judgement<Arrival> & { kind: "wait" }) | undefined {
    if (followed.write !== undefined || context.garden.capabilities.optimisticLocking) return undefined;
    succeeded ??= context.clock.now();
    const until = new Date(succeeded.getTime() + LOOK_MS);
    if (context.clock.now() >= until) return undefined;
    return { ...running(view, [], "Gardener's success to last"), again: until };
  }

  /** Nodes may tell of the change before the Shoot does, where that is only looked at now and then. */
  function queued(
    { shoot, interrupted }: View,
    looks: readonly PoolLook[],
  ): Judgement<Arrival> & { kind: "wait" } {
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
        step,
        stage: "queued",
        pools: looks,
        sizes,
        note:
          noNews(interrupted) ??
          (looks.some(({ fresh }) => fresh.length > 0) ? undefined : `waiting for ${waitsFor}`),
      }),
    };
  }

  function running(
    view: View,
    looks: readonly PoolLook[],
    waitsFor: string,
  ): Judgement<Arrival> & { kind: "wait" } {
    const { lastOperation: operation } = view.shoot;
    return {
      kind: "wait",
      for: waitsFor,
      line: progressLine({
        label,
        position,
        step,
        operation,
        stage: "waiting",
        pools: looks,
        sizes,
        note: noNews(view.interrupted) ?? (operation?.state === "Error" ? retrying(view.shoot) : undefined),
      }),
      behind: looks.flatMap(({ old }) => old.map(({ name }) => name)),
    };
  }

  /** Once for each set of codes: the numbers in the texts change with every attempt. */
  function warnOnce(shoot: Shoot): void {
    const key = codesOf(shoot).join(" ");
    const state = shoot.lastOperation?.state;
    if ((state !== "Error" && state !== "Failed") || shoot.lastErrors.length === 0 || warned.has(key)) return;
    warned.add(key);
    const message = [`${label}: ${sentence(retrying(shoot, 400))}`, ...adviceFor(shoot)].join(" ");
    context.warn({ code: "GU059", severity: "warning", message });
  }

  const lookInside = goalsIn(followed.shoot).length > 0 && !sleeps(followed.shoot);
  return observe(request, context, { ...wait, shoot: followed.shoot, lookInside }, judge);
}

function arrived(shoot: Shoot, nodes: NodesVerdict, verified = 0, reason?: string): Judgement<Arrival> {
  return { kind: "end", value: { shoot, nodes, verified, reason } };
}

function noNews(interrupted: string | undefined): string | undefined {
  return interrupted === undefined ? undefined : `no news from the garden: ${interrupted}`;
}

function retrying({ lastErrors, lastOperation }: Shoot, longest = 80): string {
  const errors = lastErrors.map(({ description }) => description);
  const text = errors.length === 0 ? (lastOperation?.description ?? "") : errors.join(" · ");
  return `Gardener tries again after: ${condense(text, longest)}`;
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
      `${label}: the rollout failed, Gardener stopped with ${errors}. ${lastWords(shoot)}`,
      ...adviceFor(shoot),
      retryHint(ref, garden.capabilities),
      GOES_ON,
    ].join(" "),
  );
}
