/**
 * One write of a change. Where it is not known whether it took effect, the Shoot is read back before
 * anything else: what may be written already is not written again.
 */
import { assertAdopted } from "../model/adoption";
import type { WriteResult } from "../garden/garden";
import { pauseAfter } from "../model/backoff";
import { encodeRecord } from "../model/heldBack";
import type { Change, HeldBack } from "../model/plan";
import { reworded, UserError } from "../model/problem";
import { ROLLOUT_ANNOTATION, type Shoot } from "../model/shoot";
import { waitingLine } from "./progress";
import { createAwakeTime } from "./suspension";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export type Applied =
  | WriteResult
  /** The response was lost, and the Shoot, as read since, does not have the change. */
  | { readonly kind: "notWritten"; readonly failure: UserError };

const READ_BACK = { firstMs: 1_000, longestMs: 30_000 };
/** Over half a minute. */
const UNVERSIONED_READS = 6;

export async function apply(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  change: Change,
): Promise<Applied> {
  try {
    return await context.garden.apply(change);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const failure = reworded(error, `${request.label}: ${error.message}`);
    if (failure.writeOutcome !== "unknown") throw failure;
    const shoot = await readChange(request, context, wait, change, failure);
    if (hasChange(shoot, change)) return { kind: "accepted", shoot, warnings: [] };
    // Without optimistic locking the write could still arrive, on top of a second one.
    if (!context.garden.capabilities.optimisticLocking) throw withFinding(failure);
    return { kind: "notWritten", failure: withFinding(failure) };
  }
}

/** Without resource versions a read may be older than the write: the Shoot is read several times. */
async function readChange(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  change: Change,
  failure: UserError,
): Promise<Shoot> {
  const { garden, clock, signal } = context;
  const reads = garden.capabilities.optimisticLocking ? 1 : UNVERSIONED_READS;
  for (let count = 1; ; count++) {
    const shoot = await readBack(request, context, wait, failure);
    assertAdopted(shoot, request.uid);
    if (count >= reads || hasChange(shoot, change) || signal?.aborted === true) return shoot;
    await clock.sleep(pauseAfter(count, READ_BACK), signal);
  }
}

/** Retried within the progress deadline. Throws the write's failure where the Shoot cannot be read. */
async function readBack(
  request: RolloutRequest,
  { garden, clock, signal }: RolloutContext,
  wait: Wait,
  failure: UserError,
): Promise<Shoot> {
  const time = createAwakeTime(clock);
  const since = time.now();
  wait.show(waitingLine(request, "the response was lost; reading whether the change was written"));
  for (let attempts = 1; ; attempts++) {
    try {
      return await garden.getShoot(request.ref);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.retryable !== true) throw failure;
      if (time.hasElapsed(since, request.options.progressDeadlineMs)) throw failure;
      if (signal?.aborted === true) throw failure;
      await time.sleep(pauseAfter(attempts, READ_BACK), signal);
    }
  }
}

function hasChange(shoot: Shoot, { kubernetesVersion, workers, heldBack }: Change): boolean {
  return (
    (heldBack === undefined || hasRecord(shoot, heldBack)) &&
    (kubernetesVersion === undefined || shoot.kubernetesVersion === kubernetesVersion) &&
    workers.every((change) => {
      const pool = shoot.workers.find(({ name }) => name === change.name);
      const { machineImage, kubernetesVersion: version } = change;
      return (
        pool !== undefined &&
        (version === undefined || (pool.kubernetesVersion ?? null) === version) &&
        (machineImage === undefined ||
          (pool.machineImage.name === machineImage.name &&
            pool.machineImage.version === machineImage.version))
      );
    })
  );
}

function hasRecord({ annotations }: Shoot, heldBack: HeldBack): boolean {
  return (annotations[ROLLOUT_ANNOTATION] ?? null) === encodeRecord(heldBack);
}

function withFinding(failure: UserError): UserError {
  return reworded(failure, `${failure.message} Read again, the Shoot does not have the change.`);
}
