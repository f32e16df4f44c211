/** Performs what is pending on a Shoot, step by step. */
import { isHibernated } from "../model/operation";
import type { Step } from "../model/plan";
import { reworded, UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { count, list } from "../model/text";
import { describeStep, targetAfter } from "../plan";
import { explained, type Progress } from "./explained";
import { isComplete } from "./completion";
import { describeHold } from "./identity";
import { awaitRollout } from "./awaitRollout";
import type { AwaitedWrite } from "./rolloutState";
import { manualPools } from "./nodes";
import { createPreparation, type Preparation } from "./preparation";
import { summary } from "./summary";
import { describeWaiting } from "./text";
import { createStatusThrottle } from "./throttle";
import type { NodesResult, Position, RolloutContext, RolloutOutcome, RolloutRequest, Wait } from "./types";
import { write, type Written } from "./write";

/** Throws UserError where it fails; what was written until then remains. */
export async function rollOut(request: RolloutRequest, outer: RolloutContext): Promise<RolloutOutcome> {
  const throttle = createStatusThrottle(outer.clock, (text) => outer.status(text));
  // A persistent message follows the status line that led to it.
  const context: RolloutContext = {
    ...outer,
    info(text) {
      throttle.flush();
      outer.info(text);
    },
    warn(problem) {
      throttle.flush();
      outer.warn(problem);
    },
  };
  const preparation = createPreparation(request, context);
  const progress: Progress = { done: [], left: [], show: (line) => throttle.show(line) };
  try {
    return await steps(request, context, preparation, progress);
  } catch (error) {
    throw await explained(error, request, preparation, progress);
  } finally {
    throttle.flush();
  }
}

async function steps(
  request: RolloutRequest,
  context: RolloutContext,
  preparation: Preparation,
  progress: Progress,
): Promise<RolloutOutcome> {
  const { done } = progress;
  const show = (line: string): void => progress.show(line);
  const nodeResults: NodesResult[] = [];
  for (;;) {
    const wait: Wait = { since: context.clock.now(), show };
    const several = done.length > 0 || request.checked.length > 1;
    const now = {
      ...request,
      ...(several && { stepPosition: positionOf(done.length, request.checked.length) }),
    };
    const written = await write(now, context, wait, preparation);
    const { shoot } = written;
    if (written.kind === "blocked") {
      const nothing = done.length === 0 ? "Nothing was written." : "Nothing further was written.";
      const error = reworded(written.error, `${written.error.message}\n${nothing}`);
      return { kind: "blocked", shoot, error: await explained(error, request, preparation, progress) };
    }
    if (written.kind === "held") {
      await preparation.revertUnused();
      context.warn({ code: "GU045", severity: "warning", message: describeHold(request, shoot, done) });
      return { kind: "held", shoot };
    }
    if (written.kind === "waits") {
      await preparation.revertUnused();
      context.info(describeWaiting(request.label, written.reason, done));
      return { kind: "waits", shoot, reason: written.reason };
    }
    if (written.kind === "awaitsWindow") {
      context.warn({ code: "GU047", severity: "info", message: unfinished(request.label, shoot) });
      return { kind: "confined", shoot };
    }
    if (written.kind === "nothing") {
      const change = { uid: request.uid, generation: shoot.generation, target: request.target };
      const verified = request.unverified !== true || done.length > 0;
      // Without generations the success may be one from before, as when another run has just written.
      const { optimisticLocking } = context.garden.capabilities;
      if (isComplete(shoot, change) && verified && optimisticLocking) {
        return done.length > 0
          ? { kind: "done", shoot, nodes: combineNodes(nodeResults) }
          : { kind: "nothing", shoot };
      }
    } else if (shoot.maintenance.confineSpecUpdateRollout && shoot.generation === written.before.generation) {
      context.warn({
        code: "GU047",
        severity: "info",
        message: confined(request.label, shoot.maintenance.timeWindow),
      });
      return { kind: "confined", shoot };
    }
    if (written.kind === "written") {
      progress.left = written.left.slice(1).map((step) => describeStep(step, written.before));
    }
    const step = stepOf(now, written, done.length);
    if (!request.options.wait) {
      reportRemaining(request, context, written);
      return {
        kind: "written",
        shoot,
        completed: awaitInBackground(step, context, awaitedWrite(written), wait),
      };
    }
    const outcome = await awaitStep(step, context, awaitedWrite(written), wait);
    if (written.kind === "nothing" || written.left.length === 1) {
      return { ...outcome, nodes: combineNodes([...nodeResults, outcome.nodes]) };
    }
    nodeResults.push(outcome.nodes);
    done.push(describeStep(written.step, written.before));
  }
}

/** One of several steps is complete when its own versions are reached. */
function stepOf(request: RolloutRequest, written: Written, done: number): RolloutRequest {
  if (written.kind !== "written" || (written.left.length === 1 && done === 0)) return request;
  const { before, step, left } = written;
  return {
    ...request,
    target: left.length === 1 ? request.target : targetAfter([step], request.target, before),
    stepPosition: { index: done + 1, total: done + left.length },
  };
}

function positionOf(done: number, planned: number): Position {
  return { index: done + 1, total: Math.max(done + 1, planned) };
}

function awaitedWrite(written: Written): AwaitedWrite {
  return { shoot: written.shoot, write: written.kind === "written" ? written : undefined };
}

/** Awaits a rollout that its caller does not await, and reports only a failure. */
function awaitInBackground(
  request: RolloutRequest,
  context: RolloutContext,
  awaited: AwaitedWrite,
  { since }: Wait,
): Promise<void> {
  const silent: RolloutContext = { ...context, status: () => undefined, info: () => undefined };
  const completed = awaitRollout(request, silent, awaited, { since, show: () => undefined }).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof UserError && context.signal?.aborted !== true) {
        context.warn({ code: error.code, severity: "warning", message: error.message });
      }
      throw error;
    },
  );
  // A caller that limits no rollouts does not handle it.
  completed.catch(() => undefined);
  return completed;
}

type Done = Extract<RolloutOutcome, { kind: "done" }>;

async function awaitStep(
  request: RolloutRequest,
  context: RolloutContext,
  awaited: AwaitedWrite,
  wait: Wait,
): Promise<Done> {
  const { label, target } = request;
  const step = awaited.write?.step;
  const result = await awaitRollout(request, context, awaited, wait);
  const { shoot, nodes } = result;
  context.info(summary(label, result, target, step, context.clock.now().getTime() - wait.since.getTime()));
  reportManualPools(request, context, step, shoot);
  return { kind: "done", shoot, nodes };
}

function reportManualPools(
  { label }: RolloutRequest,
  context: RolloutContext,
  step: Step | undefined,
  shoot: Shoot,
): void {
  const manual = step === undefined || isHibernated(shoot) ? [] : manualPools(step, shoot);
  if (manual.length === 0) return;
  context.info(
    `${label}: the nodes of ${list(manual)} are updated in place when each of them is labelled ` +
      "node.machine.sapcloud.io/selected-for-update=true",
  );
}

function reportRemaining({ label }: RolloutRequest, context: RolloutContext, written: Written): void {
  if (written.kind !== "written" || written.left.length === 1) return;
  const left = written.left.slice(1);
  context.info(
    `${label}: written and not awaited (rollout.wait): ${describeStep(written.step, written.before)}. ${count(left.length, "step")} left ` +
      `for the next \`pulumi up\`: ${left.map((step) => describeStep(step, written.before)).join(", then ")}`,
  );
}

/** The nodes of all steps together: verified only where those of each step could be listed. */
function combineNodes(nodeResults: readonly NodesResult[]): NodesResult {
  if (nodeResults.includes("notVisible")) return "notVisible";
  return nodeResults.includes("verified") ? "verified" : "none";
}

function unfinished(label: string, { maintenance: { timeWindow } }: Shoot): string {
  const when = timeWindow === undefined ? "" : ` (${timeWindow.begin} to ${timeWindow.end})`;
  return `${label}: not written. What was written before waits for the maintenance window${when}, and the next minor comes only after it (spec.maintenance.confineSpecUpdateRollout).`;
}

function confined(
  label: string,
  window: { readonly begin: string; readonly end: string } | undefined,
): string {
  const when = window === undefined ? "" : ` (${window.begin} to ${window.end})`;
  return `${label}: written. The Shoot applies changes only in its maintenance window${when} (spec.maintenance.confineSpecUpdateRollout).`;
}
