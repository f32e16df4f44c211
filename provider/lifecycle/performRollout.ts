/** Runs a rollout within the run's limit, with messages in the row of its component. */
import type { Garden } from "../garden/garden";
import { defaultRollout } from "../declaration/parse";
import type { RolloutState } from "../model/enums";
import type { Target } from "../model/plan";
import { defaultPreflight } from "../model/preflight";
import { describeProblem } from "../model/problem";
import { holdReason, shootId, type Shoot } from "../model/shoot";
import { pending, waitingReason } from "../plan";
import { explainStandstill } from "../preflight";
import {
  describeWaiting,
  rollOut,
  type RolloutContext,
  type RolloutOutcome,
  type RolloutRequest,
} from "../rollout";
import type { Turn } from "../rollout/limiter";
import { nameOf, stackOf, type Checked, type LifecycleContext } from "./context";
import { complete, completeRollout, outputsAfter } from "./outputs";
import { blockedBy } from "./preflight";
import { gardenOf } from "./requiredWork";
import { confined, type RolloutResult } from "./runSummary";
import type { Inputs, State } from "./state";

export interface RolloutOf {
  readonly inputs: Inputs;
  /** Absent: check has not run in this process, and nothing is written. */
  readonly checked?: Checked;
  readonly shoot: Shoot;
  /** Absent: the Shoot is being adopted. */
  readonly old?: State;
  /** The versions that ran before. */
  readonly before: Target;
  readonly verification: Pick<RolloutRequest, "unverified" | "lastVerified">;
}

export async function performRollout(context: LifecycleContext, rollout: RolloutOf): Promise<State> {
  const { inputs, checked, shoot, old, before, verification } = rollout;
  const { clock } = context;
  const urn = checked?.urn ?? "";
  const waits = startLater(context, rollout);
  if (waits !== undefined) {
    void context.log.info(urn, describeWaiting(nameOf(urn), waits, []));
    context.summary?.record(urn, { kind: "pending", detail: waits });
    return complete(
      outputsAfter({ kind: "waits", shoot, reason: waits }, inputs, before, checked?.target),
      old,
      clock.now(),
    );
  }
  let begin = clock.now();
  const outcome = await context.rolloutLimiter.run(
    shootId(shoot.ref),
    (text) => context.log.status(urn, text),
    async (turn) => {
      begin = clock.now();
      const garden = await gardenOf(context, inputs);
      const label = checked === undefined ? shoot.ref.name : nameOf(checked.urn);
      const request: RolloutRequest = {
        ref: shoot.ref,
        uid: shoot.uid,
        target: inputs,
        checked: checked?.steps ?? [],
        ...(checked !== undefined && { declared: { target: checked.target, route: checked.route } }),
        stack: stackOf(urn),
        ...verification,
        options: checked?.declaration.rollout ?? defaultRollout,
        label,
        position: context.checked.nextPosition(),
      };
      const performed = await rollOut(request, rolloutContext(context, garden, checked, turn, label));
      if (performed.kind === "written") turn.keepUntil(performed.completed);
      return performed;
    },
  );
  // Not within the run's limit: it is no rollout that has failed, and other Shoots are upgraded.
  if (outcome.kind === "blocked") throw outcome.error;
  const outputs = outputsAfter(outcome, inputs, before, checked?.target);
  context.summary?.record(urn, resultOf(outcome, outputs.state));
  return outcome.kind === "done"
    ? completeRollout(outputs, old, begin, clock.now())
    : complete(outputs, old, clock.now());
}

function resultOf(outcome: Exclude<RolloutOutcome, { kind: "blocked" }>, state: RolloutState): RolloutResult {
  switch (outcome.kind) {
    case "done":
    case "nothing":
      return state === "pending"
        ? { kind: "pending", detail: "further minors, by rollout.maxMinors" }
        : { kind: "done" };
    case "written":
      return { kind: "in progress" };
    case "held":
      return { kind: "held", detail: holdReason(outcome.shoot) ?? "" };
    case "waits":
      return { kind: "pending", detail: outcome.reason };
    case "confined":
      return confined;
  }
}

/** Before it takes a turn of the limit; the rollout asks again before each write. */
function startLater(context: LifecycleContext, { inputs, checked, shoot }: RolloutOf): string | undefined {
  if (checked === undefined || holdReason(shoot) !== undefined) return undefined;
  return waitingReason(checked.declaration, shoot, pending(inputs, shoot), context.clock.now());
}

function rolloutContext(
  context: LifecycleContext,
  garden: Garden,
  checked: Checked | undefined,
  turn: Turn,
  label: string,
): RolloutContext {
  const { clock, engine, log } = context;
  const urn = checked?.urn ?? "";
  const options = checked?.declaration.preflight ?? defaultPreflight;
  return {
    garden,
    clock,
    status: (text) => log.status(urn, text),
    info: (text) => void log.info(urn, text),
    warn: (problem) => void log.warn(urn, describeProblem(problem)),
    preflight: (shoot, steps) => blockedBy(garden, shoot, steps, options, label, clock),
    explain: (shoot, nodes) => explainStandstill(garden, shoot, nodes, options.access),
    assertRunning: () => engine.assertRunning(),
    async assertMayWrite() {
      await engine.assertRunning();
      turn.assertMayWrite();
    },
    signal: engine.ended,
  };
}
