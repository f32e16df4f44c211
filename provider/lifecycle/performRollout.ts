/** Runs a rollout within the run's limit, with messages in the row of its component. */
import type { Garden } from "../garden/garden";
import { defaultRollout } from "../declaration/parse";
import type { Target } from "../model/plan";
import { describeProblem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { reached } from "../plan";
import { rollOut, type RolloutContext, type RolloutRequest } from "../rollout";
import type { Turn } from "../rollout/limiter";
import { nameOf, stackOf, type Checked, type LifecycleContext } from "./context";
import { outputsAfter } from "./outputs";
import { assertNothingBlocks } from "./preflight";
import { gardenOf } from "./requiredWork";
import type { Inputs, State } from "./state";

export interface RolloutOf {
  readonly inputs: Inputs;
  /** Absent: check has not run in this process, and nothing is written. */
  readonly checked?: Checked;
  readonly shoot: Shoot;
  /** The versions that ran before. */
  readonly before: Target;
  readonly verification: Pick<RolloutRequest, "unverified" | "lastVerified">;
}

export async function performRollout(context: LifecycleContext, rollout: RolloutOf): Promise<State> {
  const { inputs, checked, shoot, before, verification } = rollout;
  const urn = checked?.urn ?? "";
  const outcome = await context.rolloutLimiter.run(
    shootId(shoot.ref),
    (text) => context.log.status(urn, text),
    async (turn) => {
      const garden = await gardenOf(context, inputs);
      const label = checked === undefined ? shoot.ref.name : nameOf(checked.urn);
      if (checked !== undefined) {
        const { preflight } = checked.declaration;
        const steps = reached(inputs, shoot) ? [] : checked.steps;
        await assertNothingBlocks(garden, shoot, steps, preflight, label, context.clock);
      }
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
      const performed = await rollOut(request, rolloutContext(context, garden, urn, turn));
      if (performed.kind === "written") turn.keepUntil(performed.completed);
      return performed;
    },
  );
  return outputsAfter(outcome, inputs, before, checked?.target);
}

function rolloutContext(context: LifecycleContext, garden: Garden, urn: string, turn: Turn): RolloutContext {
  const { clock, engine, log } = context;
  return {
    garden,
    clock,
    status: (text) => log.status(urn, text),
    info: (text) => void log.info(urn, text),
    warn: (problem) => void log.warn(urn, describeProblem(problem)),
    assertRunning: () => engine.assertRunning(),
    async assertMayWrite() {
      await engine.assertRunning();
      turn.assertMayWrite();
    },
    signal: engine.ended,
  };
}
