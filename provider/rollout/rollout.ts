/** Drives what is pending on a Shoot to its end, step by step. */
import { isHibernated } from "../model/operation";
import type { Step } from "../model/plan";
import { naming, reworded, UserError } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { afterSteps, describeStep, managedVersions, specVersions } from "../plan";
import { isComplete } from "./completion";
import { describeHold } from "./identity";
import { awaitRollout, type AwaitedWrite } from "./awaitRollout";
import { manualPools } from "./nodes";
import { createPreparation, type Preparation } from "./preparation";
import { summary } from "./summary";
import { count, list } from "./text";
import { createStatusThrottle } from "./throttle";
import type { NodesVerdict, RolloutContext, RolloutOutcome, RolloutRequest, Wait } from "./types";
import { write, type Written } from "./write";

/** Throws UserError for whatever goes wrong; what was written until then stays written. */
export async function rollOut(request: RolloutRequest, outer: RolloutContext): Promise<RolloutOutcome> {
  const throttle = createStatusThrottle(outer.clock, (text) => outer.status(text));
  // What stays is said after the status that led to it.
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
  const done: string[] = [];
  try {
    return await steps(request, context, preparation, {
      done,
      show: (line) => throttle.show(line),
    });
  } catch (error) {
    throw withMore(named(error, request), [await preparation.revertUnused(), doneBefore(done)]);
  } finally {
    throttle.flush();
  }
}

interface Progress {
  /** In words, the steps that have come to their end. */
  readonly done: string[];
  show(line: string): void;
}

async function steps(
  request: RolloutRequest,
  context: RolloutContext,
  preparation: Preparation,
  { done, show }: Progress,
): Promise<RolloutOutcome> {
  const nodeResults: NodesVerdict[] = [];
  for (;;) {
    const wait: Wait = { since: context.clock.now(), show };
    const several = done.length > 0 || request.checked.length > 1;
    const now = { ...request, ...(several && { step: place(done.length, request.checked.length) }) };
    const written = await write(now, context, wait, preparation);
    const { shoot } = written;
    if (written.kind === "held") {
      await preparation.revertUnused();
      context.warn({ code: "GU045", severity: "warning", message: describeHold(request, shoot, done) });
      return { kind: "held", shoot };
    }
    if (written.kind === "nothing") {
      const change = { uid: request.uid, generation: shoot.generation, target: request.target };
      const verified = request.unverified !== true || done.length > 0;
      // Without generations the success may be one from before: another run has just written, say.
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
    const step = stepOf(now, written, done.length);
    if (!request.options.wait) {
      reportRemaining(request, context, written);
      return { kind: "written", shoot, completed: completion(step, context, followedFrom(written), wait) };
    }
    const outcome = await awaitStep(step, context, followedFrom(written), wait);
    if (written.kind === "nothing" || written.left.length === 1) {
      return { ...outcome, nodes: combineNodes([...nodeResults, outcome.nodes]) };
    }
    nodeResults.push(outcome.nodes);
    done.push(describeStep(written.step, written.before));
  }
}

/** One of several steps ends where its own versions are reached. */
function stepOf(request: RolloutRequest, written: Written, done: number): RolloutRequest {
  if (written.kind !== "written" || (written.left.length === 1 && done === 0)) return request;
  const { before, step, left } = written;
  return {
    ...request,
    target:
      left.length === 1
        ? request.target
        : managedVersions(specVersions(afterSteps(before, [step])), request.target),
    stepPosition: { index: done + 1, total: done + left.length },
  };
}

function place(done: number, planned: number): { readonly index: number; readonly total: number } {
  return { index: done + 1, total: Math.max(done + 1, planned) };
}

function followedFrom(written: Written): AwaitedWrite {
  return { shoot: written.shoot, write: written.kind === "written" ? written : undefined };
}

/** Follows a rollout that nobody waits for, and says only how it fails. */
function completion(
  request: RolloutRequest,
  context: RolloutContext,
  followed: AwaitedWrite,
  { since }: Wait,
): Promise<void> {
  const unheard: RolloutContext = { ...context, status: () => undefined, info: () => undefined };
  const completed = awaitRollout(request, unheard, followed, { since, show: () => undefined }).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof UserError && context.signal?.aborted !== true) {
        context.warn({ code: error.code, severity: "warning", message: error.message });
      }
      throw error;
    },
  );
  // Who does not keep count of rollouts does not look at it either.
  completed.catch(() => undefined);
  return completed;
}

type Done = Extract<RolloutOutcome, { kind: "done" }>;

async function awaitStep(
  request: RolloutRequest,
  context: RolloutContext,
  followed: AwaitedWrite,
  wait: Wait,
): Promise<Done> {
  const { label, target } = request;
  const step = followed.write?.step;
  const result = await awaitRollout(request, context, followed, wait);
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
    `${label}: the nodes of ${list(manual)} are updated one by one when somebody labels them ` +
      "node.machine.sapcloud.io/selected-for-update=true",
  );
}

function reportRemaining({ label }: RolloutRequest, context: RolloutContext, written: Written): void {
  if (written.kind !== "written" || written.left.length === 1) return;
  const left = written.left.slice(1);
  context.info(
    `${label}: written, and not waited for: ${describeStep(written.step, written.before)}. ${count(left.length, "step")} left, ` +
      `for the next \`pulumi up\`: ${left.map((step) => describeStep(step, written.before)).join(", then ")}`,
  );
}

/** The nodes of all steps together: one that nobody could see makes the whole of it unseen. */
function combineNodes(nodeResults: readonly NodesVerdict[]): NodesVerdict {
  if (nodeResults.includes("notVisible")) return "notVisible";
  return nodeResults.includes("verified") ? "verified" : "none";
}

function named(error: unknown, { label, ref }: RolloutRequest): unknown {
  return error instanceof UserError ? naming(error, [`${label}:`, shootId(ref)], label) : error;
}

/** The error, with the sentences that are known beside it. */
function withMore(error: unknown, sentences: readonly (string | undefined)[]): unknown {
  const known = sentences.flatMap((text) => text ?? []);
  if (!(error instanceof UserError) || known.length === 0) return error;
  return reworded(error, [error.message, ...known].join(" "));
}

function doneBefore(done: readonly string[]): string | undefined {
  return done.length === 0 ? undefined : `Done before that: ${done.join("; ")}.`;
}

function confined(
  label: string,
  window: { readonly begin: string; readonly end: string } | undefined,
): string {
  const when = window === undefined ? "" : ` (${window.begin} to ${window.end})`;
  return `${label}: written. The Shoot keeps changes for its maintenance window${when}: Gardener rolls it out then.`;
}
