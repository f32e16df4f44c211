/** create: adopt a Shoot as it runs. It writes only with `adopt: "upgrade"`. */
import { assertAdopted } from "../model/adoption";
import type { RolloutState } from "../model/enums";
import { awaitsWindow, isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { reworded, UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { describeStep, pending, specVersions } from "../plan";
import { sentence } from "../rollout/text";
import { nameOf, type Checked, type LifecycleContext } from "./context";
import { readShoot } from "./errors";
import { inspectNodes, mustBeAwaited, stateOfOutdatedNodes, type NodeVersions } from "./nodes";
import { complete, outputsOf } from "./outputs";
import { performRollout, type RolloutOf } from "./performRollout";
import { gardenOf } from "./requiredWork";
import { summarized, unfinished } from "./runSummary";
import { decodeInputs, type Inputs, type State } from "./state";
import { hasUnfinishedRollout } from "./status";

export interface Created {
  /** `namespace/name`. */
  readonly id: string;
  readonly outs: State;
}

export async function create(context: LifecycleContext, newInputs: unknown): Promise<Created> {
  const inputs = decodeInputs(newInputs);
  const checked = context.checked.get(inputs.shootUid);
  return summarized(context, checked, () => adopt(context, inputs, checked));
}

async function adopt(
  context: LifecycleContext,
  inputs: Inputs,
  checked: Checked | undefined,
): Promise<Created> {
  const shoot = await readShoot(context, inputs);
  assertAdopted(shoot, inputs.shootUid);
  const garden = await gardenOf(context, inputs);
  const observed = specVersions(shoot);
  const incomplete = pending(inputs, shoot).length > 0 || hasUnfinishedRollout(undefined, shoot);
  const nodes = incomplete
    ? "unknown"
    : await inspectNodes(garden, shoot, undefined, context.checked.nodeLists);
  // What an earlier, interrupted run has written is awaited to its end.
  const unverified =
    !incomplete &&
    checked?.declaration.rollout.wait !== false &&
    mustBeAwaited(nodes, garden, shoot, undefined);
  if (checked?.declaration.adopt === "upgrade" && (incomplete || unverified)) {
    const rollout = { inputs, checked, shoot, before: observed, verification: { unverified } };
    return { id: inputs.shoot, outs: await upgradeAtOnce(context, rollout) };
  }
  const target = checked?.target ?? inputs;
  const left = pending(target, shoot);
  const state = stateOfAdopted(left.length > 0 || awaitsWindow(shoot), nodes, shoot);
  if (checked !== undefined && left.length > 0) {
    await reportPending(context, checked, shoot);
    const detail = "adopted by this run, which writes nothing";
    context.summary?.record(checked.urn, { kind: "pending", detail });
  } else if (checked !== undefined) {
    const result = unfinished(state, shoot);
    if (result !== undefined) context.summary?.record(checked.urn, result);
  }
  const outputs = outputsOf(inputs, { shoot, observed, state }, target);
  return { id: inputs.shoot, outs: complete(outputs, undefined, context.clock.now()) };
}

async function upgradeAtOnce(context: LifecycleContext, rollout: RolloutOf): Promise<State> {
  try {
    return await performRollout(context, rollout);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw reworded(error, `${sentence(error.message)} The cluster is not adopted yet.`);
  }
}

function reportPending(
  { log }: LifecycleContext,
  { urn, steps, later }: Checked,
  shoot: Shoot,
): Promise<void> {
  const described = [...steps, ...later].map((step) => describeStep(step, shoot)).join(", then ");
  return log.info(
    urn,
    `${nameOf(urn)}: adopted, nothing was written. Pending for the next \`pulumi up\`: ${described}`,
  );
}

function stateOfAdopted(isPending: boolean, nodes: NodeVersions, shoot: Shoot): RolloutState {
  if (isPending) return "pending";
  if (nodes === "old") return stateOfOutdatedNodes(shoot);
  // Whoever wrote the versions: Gardener may still be rolling them out.
  return isObservedAtLatestGenerationAndSucceeded(shoot) ? "upToDate" : "inProgress";
}
