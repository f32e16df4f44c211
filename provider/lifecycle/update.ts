/** update: performs what was checked, or what is left of it. */
import { assertAdopted } from "../model/adoption";
import type { Checked, LifecycleContext } from "./context";
import { readShoot } from "./errors";
import { complete, outputsOf } from "./outputs";
import { performRollout } from "./performRollout";
import { lastVerified, requiredWork, statusOf } from "./requiredWork";
import { summarized, unfinished } from "./runSummary";
import { decodeInputs, decodeState, type Inputs, type State } from "./state";

export async function update(
  context: LifecycleContext,
  oldState: unknown,
  newInputs: unknown,
): Promise<{ outs: State }> {
  const old = decodeState(oldState);
  const inputs = decodeInputs(newInputs);
  const checked = context.checked.get(inputs.shootUid);
  return summarized(context, checked, () => perform(context, old, inputs, checked));
}

async function perform(
  context: LifecycleContext,
  old: State,
  inputs: Inputs,
  checked: Checked | undefined,
): Promise<{ outs: State }> {
  const shoot = await readShoot(context, inputs);
  assertAdopted(shoot, inputs.shootUid);
  const updated = { old, inputs, shoot, checked };
  const work = await requiredWork(context, updated);
  if (work.kind === "none") {
    const outputs = outputsOf(inputs, { shoot, ...(await statusOf(context, updated)) }, checked?.target);
    const outs = complete(outputs, old, context.clock.now());
    const completed = outs.completedAt !== "" && outs.completedAt !== old.completedAt;
    const result = completed ? ({ kind: "done" } as const) : unfinished(outs.state, shoot);
    if (result !== undefined && checked !== undefined) context.summary?.record(checked.urn, result);
    return { outs };
  }
  const verification = { unverified: work.unverified, lastVerified: lastVerified(updated) };
  return { outs: await performRollout(context, { inputs, checked, shoot, old, before: old, verification }) };
}
