/** diff: is there something to do on the live Shoot? The engine itself compares and names what differs. */
import { sameLocation } from "../declaration/location";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { pending, managedVersions, specVersions, fillUnmanaged, sameTarget } from "../plan";
import type { Target } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { readShoot } from "./errors";
import { sameApiServer } from "./api-server";
import type { Checked, LifecycleContext } from "./context";
import { unfinished } from "./status";
import { mustBeAwaited, rolloutStatus, verifyNodes } from "./verification";
import { containsUnknown, decodeInputs, decodeState, type Inputs, type State } from "./state";

export interface DiffResult {
  /** Absent: the engine compares old and new inputs. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

const compare: DiffResult = {};

export async function diff(
  context: LifecycleContext,
  oldState: unknown,
  newInputs: unknown,
): Promise<DiffResult> {
  if (containsUnknown(newInputs)) return compare;
  const olds = decodeState(oldState);
  const wanted = decodeInputs(newInputs);
  // Another cluster: adopt that one, let go of this one. Neither step touches a Shoot.
  if (olds.shoot !== wanted.shoot) return { replaces: ["shoot"], deleteBeforeReplace: false };
  if (olds.shootUid !== wanted.shootUid) return { replaces: ["shootUid"], deleteBeforeReplace: false };
  if (!sameLocation(olds.garden, wanted.garden)) return compare;

  const shoot = await readShoot(context, wanted);
  const checked = context.checked.get(wanted.shootUid);
  const begun = pending(wanted, shoot).length > 0 || isUnfinished(olds, checked, shoot);
  if (begun || (await isUnverified(context, olds, wanted, shoot))) {
    // With equal inputs the engine would see nothing to do.
    const before = checked?.oldInputs;
    return before !== undefined && sameTarget(before, wanted) ? { changes: true } : compare;
  }
  // Only an update renews the outputs: a rollout that has come to its end since, another address.
  if (olds.state === "inProgress" && (await hasEnded(context, olds, wanted, shoot))) return { changes: true };
  if (!sameApiServer(olds.apiServer, wanted.apiServer)) return compare;
  return sameTarget(managedVersions(specVersions(shoot), wanted), wanted) ? { changes: false } : compare;
}

/** A rollout that an earlier run has begun and not seen the end of. */
export function isUnfinished(olds: State, checked: Checked | undefined, shoot: Shoot): boolean {
  if (checked?.declaration.rollout.wait === false) return false;
  return (
    unfinished(lastVerified(olds, checked), shoot) ||
    (olds.state === "inProgress" && !isObservedAtLatestGenerationAndSucceeded(shoot))
  );
}

/** A rollout of ours that Gardener has ended, with nodes that run older versions or cannot be believed to run the new ones. */
export async function isUnverified(
  context: LifecycleContext,
  olds: State,
  wanted: Inputs,
  shoot: Shoot,
): Promise<boolean> {
  const checked = context.checked.get(wanted.shootUid);
  if (checked?.declaration.rollout.wait === false) return false;
  const garden = await context.garden(wanted.garden ?? {});
  const before = lastVerified(olds, checked);
  return mustBeAwaited(await verifyNodes(garden, shoot, before), garden, shoot, before);
}

async function hasEnded(
  context: LifecycleContext,
  olds: State,
  wanted: Inputs,
  shoot: Shoot,
): Promise<boolean> {
  const garden = await context.garden(wanted.garden ?? {});
  return (await rolloutStatus(garden, { ...olds, target: wanted }, shoot)).state !== olds.state;
}

/**
 * The inputs say what was confirmed last: unlike the outputs, the engine renews them also where nothing
 * changes. What they do not manage ran as the outputs say.
 */
export function lastVerified(olds: State, checked: Checked | undefined): Target {
  return checked?.oldInputs === undefined ? olds : fillUnmanaged(checked.oldInputs, olds);
}
