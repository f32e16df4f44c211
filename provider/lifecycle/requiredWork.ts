/** What an update has to do on the live Shoot: diff reports it, update does it. */
import type { Garden } from "../garden/garden";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { fillUnmanaged, pending } from "../plan";
import type { Checked, LifecycleContext } from "./context";
import { mustBeAwaited, rolloutStatus, verifyNodes } from "./nodes";
import type { Inputs, State } from "./state";
import { hasUnfinishedRollout } from "./status";

export interface Updated {
  readonly old: State;
  readonly inputs: Inputs;
  readonly shoot: Shoot;
  /** Absent: check has not run in this process. */
  readonly checked?: Checked;
}

export type RequiredWork =
  | { readonly kind: "none" }
  /** @param unverified Gardener reports success, and the nodes are not seen to run the spec. */
  | { readonly kind: "rollout"; readonly unverified: boolean };

export async function requiredWork(context: LifecycleContext, updated: Updated): Promise<RequiredWork> {
  const { old, inputs, shoot, checked } = updated;
  if (pending(inputs, shoot).length > 0) return { kind: "rollout", unverified: false };
  if (checked?.declaration.rollout.wait === false) return { kind: "none" };
  const before = lastVerified(updated);
  if (
    hasUnfinishedRollout(before, shoot) ||
    (old.state === "inProgress" && !isObservedAtLatestGenerationAndSucceeded(shoot))
  ) {
    return { kind: "rollout", unverified: false };
  }
  const garden = await gardenOf(context, inputs);
  const nodes = await verifyNodes(garden, shoot, before, context.checked.nodeLists);
  return mustBeAwaited(nodes, garden, shoot, before)
    ? { kind: "rollout", unverified: true }
    : { kind: "none" };
}

/**
 * The versions that were verified last. The inputs have them: unlike the outputs, the engine renews
 * them also where nothing changes. What they do not manage ran as the outputs report. While the target
 * is pending the inputs are ahead of what runs.
 */
export function lastVerified({ old, checked }: Pick<Updated, "old" | "checked">): Target {
  const areInputsReached = old.state !== "pending";
  return checked?.oldInputs === undefined || !areInputsReached ? old : fillUnmanaged(checked.oldInputs, old);
}

/** Where nothing is to be done: the observed versions and the state. */
export async function statusOf(context: LifecycleContext, { old, inputs, shoot, checked }: Updated) {
  const recorded = { ...old, target: checked?.target ?? inputs };
  return rolloutStatus(await gardenOf(context, inputs), recorded, shoot, context.checked.nodeLists);
}

export function gardenOf(context: LifecycleContext, { garden }: Inputs): Promise<Garden> {
  return context.garden(garden ?? {});
}
