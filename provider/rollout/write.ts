/** The one write of a step: planned on the live Shoot, no more than was checked, guarded by what was read. */
import { awaitsWindow } from "../model/operation";
import { UserError } from "../model/problem";
import type { Step } from "../model/plan";
import { holdReason, type Shoot } from "../model/shoot";
import {
  hibernationProblem,
  changeFor,
  describeStep,
  pending,
  startOf,
  stepsOfRun,
  stepsTo,
  within,
} from "../plan";
import { apply } from "./apply";
import { assertPresent, aborted } from "./identity";
import type { Preparation } from "./preparation";
import { evaluateReadiness, awaitReady, readinessOf } from "./awaitReady";
import { assertKubeletsInReach } from "./kubelets";
import { examine, isFirstOfRun } from "./preflight";
import { createRetries, type Retries } from "./retries";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export type Written =
  | { readonly kind: "nothing"; readonly shoot: Shoot }
  | { readonly kind: "held"; readonly shoot: Shoot }
  /** By the preflight checks. */
  | { readonly kind: "blocked"; readonly shoot: Shoot; readonly error: UserError }
  | { readonly kind: "waits"; readonly shoot: Shoot; readonly reason: string }
  /** An earlier change has not been rolled out: the control plane would skip a minor. */
  | { readonly kind: "awaitsWindow"; readonly shoot: Shoot }
  | {
      readonly kind: "written";
      readonly step: Step;
      /** What the write was guarded by. */
      readonly before: Shoot;
      /** What the garden returned. */
      readonly shoot: Shoot;
      /** By the garden's clock where it reports one, otherwise by ours. */
      readonly at: Date;
      /** Steps that were pending then, this one included. */
      readonly left: readonly Step[];
    };

export async function write(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  preparation: Preparation,
): Promise<Written> {
  const { garden, signal } = context;
  const { ref, label } = request;
  const retries = createRetries(request, context, wait);
  const isFirst = isFirstOfRun(request);
  let watchable = !request.options.wait;
  /** What the preflight checks find is of now: they run again after each wait. */
  let examined = false;
  let shoot = await garden.getShoot(ref);
  for (;;) {
    if (signal?.aborted === true) throw aborted(request);
    assertPresent(request, shoot);
    const left = stepsLeft(request, context, shoot);
    const [step] = left;
    if (step === undefined) return { kind: "nothing", shoot };
    if (!within(left, request.checked)) throw exceedsChecked(request, left, shoot);
    if (holdReason(shoot) !== undefined) return { kind: "held", shoot };
    const start = startOf(request.options.start, shoot, context.clock.now());
    if (start.kind === "closed") return { kind: "waits", shoot, reason: start.reason };
    if (step.kubernetes?.minor === true && awaitsWindow(shoot)) return { kind: "awaitsWindow", shoot };
    assertNotHibernated(label, left, shoot);
    const isReady = evaluateReadiness(step, readinessOf(request, context, shoot)).kind === "done";
    // Before the first write also ahead of a wait that may take hours.
    if (!examined && (isReady || isFirst)) {
      const error = await examine(request, context, wait, shoot, isFirst ? left : [step]);
      if (error !== undefined) return { kind: "blocked", shoot, error };
      examined = true;
      if (context.preflight !== undefined) {
        // It takes seconds, or minutes: what is written is planned on what is there after it.
        shoot = await garden.getShoot(ref);
        continue;
      }
    }
    if (!isReady) {
      shoot = await awaitReady(request, context, { ...wait, step, shoot });
      retries.busyEnded();
      examined = false;
      continue;
    }
    // Preparing changes the cluster: what was read before is outdated.
    if (await preparation.ensure(request, step, wait)) {
      examined = false;
    } else {
      await assertKubeletsInReach(request, context, step, shoot);
      if (!watchable) await garden.assertWatchable?.(ref);
      watchable = true;
      await context.assertMayWrite?.();
      const written = await attempt(request, context, wait, { preparation, retries, step, left, shoot });
      if (written !== undefined) return written;
    }
    shoot = await garden.getShoot(ref);
  }
}

/** What this run still has to write, planned again on the live Shoot. */
function stepsLeft(
  { target, declared, label }: RolloutRequest,
  { garden }: RolloutContext,
  shoot: Shoot,
): readonly Step[] {
  if (declared === undefined) return pending(target, shoot);
  const sequence = stepsTo(declared.target, shoot, declared.route, garden.capabilities);
  if (sequence.kind === "steps") return stepsOfRun(sequence.steps, target);
  const names = sequence.pools.map(({ pool }) => pool.name).join(", ");
  throw new UserError(
    "GU038",
    `${label}: the live Shoot has changed, and its worker pool ${names} cannot reach the checked versions any more. ` +
      "Nothing was written. Run `pulumi preview` again and review it.",
  );
}

interface Attempt {
  readonly preparation: Preparation;
  readonly retries: Retries;
  readonly step: Step;
  readonly left: readonly Step[];
  readonly shoot: Shoot;
}

/** Undefined: not written, and to be tried again. */
async function attempt(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  { preparation, retries, step, left, shoot }: Attempt,
): Promise<Written | undefined> {
  const at = context.clock.now();
  try {
    const result = await apply(request, context, wait, changeFor(step, shoot, request.stack));
    if (result.kind !== "accepted") {
      await retries.pauseOrThrow(result, step, shoot);
      return undefined;
    }
    preparation.accepted(step);
    for (const warning of result.warnings) {
      context.info(`${request.label}: the garden returned a warning: ${warning}`);
    }
    return { kind: "written", step, before: shoot, shoot: result.shoot, at: result.at ?? at, left };
  } catch (error) {
    if (mayBeWritten(error)) preparation.acceptanceUnknown();
    throw error;
  }
}

/** The plan refuses it as well; the Shoot may have been hibernated since. */
function assertNotHibernated(label: string, left: readonly Step[], shoot: Shoot): void {
  const [problem] = hibernationProblem(shoot, left, "kubernetes.version");
  if (problem === undefined) return;
  throw new UserError(problem.code, `${label}: ${problem.message} Nothing was written.`);
}

function mayBeWritten(error: unknown): boolean {
  return !(error instanceof UserError) || error.writeOutcome === "unknown";
}

function exceedsChecked({ label, checked }: RolloutRequest, left: readonly Step[], shoot: Shoot): UserError {
  const describe = (steps: readonly Step[]): string =>
    steps.length === 0 ? "nothing" : steps.map((step) => describeStep(step, shoot)).join("; ");
  return new UserError(
    "GU038",
    `${label}: the live Shoot has changed, and more is pending now than was checked. ` +
      `Checked: ${describe(checked)}. Now: ${describe(left)}. ` +
      "Nothing was written. Run `pulumi preview` again and review it.",
  );
}
