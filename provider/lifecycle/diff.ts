/** diff: is there something to do on the live Shoot? The engine itself compares and names what differs. */
import { sameLocation } from "../declaration/location";
import { spell } from "../model/duration";
import { describeProblem } from "../model/problem";
import { changedFields, hasLowerImage, managedVersions, sameTarget, specVersions, startOf } from "../plan";
import { sameApiServer } from "./api-server";
import { nameOf, type LifecycleContext } from "./context";
import { readShoot } from "./errors";
import { requiredWork, statusOf, type Updated } from "./requiredWork";
import { unfinished } from "./runSummary";
import { mayBeWrittenByUs } from "./status";
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
  const result = await compare(context, updated);
  if (result.changes === false && checked !== undefined) {
    await context.summary?.unchanged(checked.urn, unfinished(old.state, shoot));
  }
  return result;
}

async function compare(context: LifecycleContext, updated: Updated): Promise<DiffResult> {
  const { old, inputs, shoot, checked } = updated;
  if ((await requiredWork(context, updated)).kind === "rollout") {
    await reportShortWindow(context, updated);
    // With equal inputs the engine would find nothing to do.
    const before = checked?.oldInputs;
    return before !== undefined && sameTarget(before, inputs) ? { changes: true } : engineCompares;
  }
  // Only an update renews the outputs: of a rollout that has completed since, of another address.
  if (await isOutdated(context, updated)) return { changes: true };
  // The outputs are taken for verified: what is lower would be taken for an older read.
  if (hasLowerImage(specVersions(shoot), old)) return { changes: true };
  if (!sameApiServer(old.apiServer, inputs.apiServer)) return engineCompares;
  return sameTarget(managedVersions(specVersions(shoot), inputs), inputs)
    ? { changes: false }
    : engineCompares;
}

/** The rollout has completed since, or is no longer complete. */
async function isOutdated(context: LifecycleContext, updated: Updated): Promise<boolean> {
  const { old, inputs, shoot } = updated;
  const isRecorded = old.state === "upToDate" && old.completedAt !== "";
  // Of a run that has failed, or was interrupted, after its write.
  const before = managedVersions(old, inputs);
  const isOurs = changedFields(before, specVersions(shoot)).length > 0 && mayBeWrittenByUs(before, shoot);
  if (isRecorded && !isOurs) return false;
  const { state } = await statusOf(context, updated);
  return state === "upToDate" || (old.state === "inProgress" && state !== old.state);
}

/** Only the outputs have the duration of the last rollout, which check does not see. */
async function reportShortWindow(
  { log, clock }: LifecycleContext,
  { old, shoot, checked }: Updated,
): Promise<void> {
  if (checked === undefined || checked.steps.length === 0 || old.rolloutSeconds === undefined) return;
  const now = clock.now();
  const start = startOf(checked.declaration.rollout.start, shoot, now);
  if (start.kind === "closed" || start.until === undefined) return;
  const leftMs = start.until.getTime() - now.getTime();
  const lastMs = old.rolloutSeconds * 1000;
  if (lastMs <= leftMs) return;
  const message =
    `${nameOf(checked.urn)}: the last rollout took ${spell(lastMs)}, and the maintenance window closes in ${spell(leftMs)}: ` +
    "a rollout that is started now may last longer than the window.";
  await log.warn(checked.urn, describeProblem({ code: "GU082", message }));
}
