/** diff: is there something to do on the live Shoot? The engine itself compares and names what differs. */
import { sameLocation } from "../declaration/location";
import { hasLowerImage, managedVersions, sameTarget, specVersions } from "../plan";
import { sameApiServer } from "./api-server";
import type { LifecycleContext } from "./context";
import { readShoot } from "./errors";
import { requiredWork, statusOf } from "./requiredWork";
import { containsUnknown, decodeInputs, decodeState } from "./state";

export interface DiffResult {
  /** Absent: the engine compares old and new inputs. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

const engineCompares: DiffResult = {};

export async function diff(
  context: LifecycleContext,
  oldState: unknown,
  newInputs: unknown,
): Promise<DiffResult> {
  if (containsUnknown(newInputs)) return engineCompares;
  const old = decodeState(oldState);
  const inputs = decodeInputs(newInputs);
  // Another cluster: adopt that one, stop managing this one. Neither changes a Shoot.
  if (old.shoot !== inputs.shoot) return { replaces: ["shoot"], deleteBeforeReplace: false };
  if (old.shootUid !== inputs.shootUid) return { replaces: ["shootUid"], deleteBeforeReplace: false };
  if (!sameLocation(old.garden, inputs.garden)) return engineCompares;

  const shoot = await readShoot(context, inputs);
  const checked = context.checked.get(inputs.shootUid);
  const updated = { old, inputs, shoot, checked };
  if ((await requiredWork(context, updated)).kind === "rollout") {
    // With equal inputs the engine would find nothing to do.
    const before = checked?.oldInputs;
    return before !== undefined && sameTarget(before, inputs) ? { changes: true } : engineCompares;
  }
  // Only an update renews the outputs: of a rollout that has completed since, of another address.
  if (old.state === "inProgress" && (await statusOf(context, updated)).state !== old.state) {
    return { changes: true };
  }
  // The outputs are taken for verified: what is lower would be taken for an older read.
  if (hasLowerImage(specVersions(shoot), old)) return { changes: true };
  if (!sameApiServer(old.apiServer, inputs.apiServer)) return engineCompares;
  return sameTarget(managedVersions(specVersions(shoot), inputs), inputs)
    ? { changes: false }
    : engineCompares;
}
