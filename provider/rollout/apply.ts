/**
 * One write of a change. Where the garden's answer does not tell whether it was made, the Shoot is
 * read back before anything else: nothing is written again that may be there.
 */
import type { WriteResult } from "../garden/garden";
import { pauseAfter } from "../model/backoff";
import type { Change } from "../model/plan";
import { reworded, UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { assertSameUid } from "./identity";
import { progressLine } from "./progress";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export type Applied =
  | WriteResult
  /** Its answer was lost, and the Shoot, as read since, does not have it. */
  | { readonly kind: "notThere"; readonly failure: UserError };

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
    if (holds(shoot, change)) return { kind: "accepted", shoot, warnings: [] };
    // Without optimistic locking the write could still arrive, on top of a second one.
    if (!context.garden.capabilities.optimisticLocking) throw withFinding(failure);
    return { kind: "notThere", failure: withFinding(failure) };
  }
}

/** Without resource versions a read may be older than the write: the change is looked for several times. */
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
    assertSameUid(request, shoot);
    if (count >= reads || holds(shoot, change) || signal?.aborted === true) return shoot;
    await clock.sleep(pauseAfter(count, READ_BACK), signal);
  }
}

/** As long as the garden may come back, it is waited for. Throws the write's failure where it does not. */
async function readBack(
  request: RolloutRequest,
  { garden, clock, signal }: RolloutContext,
  wait: Wait,
  failure: UserError,
): Promise<Shoot> {
  const { label, position, stepPosition: step, options } = request;
  const since = clock.now().getTime();
  const note = "the garden's answer was lost; reading whether the change is there";
  wait.show(progressLine({ label, position, stepPosition: step, stage: "waiting", note }));
  for (let attempts = 1; ; attempts++) {
    try {
      return await garden.getShoot(request.ref);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.retryable !== true) throw failure;
      const late = clock.now().getTime() - since >= options.progressDeadlineMs;
      if (late || signal?.aborted === true) throw failure;
      await clock.sleep(pauseAfter(attempts, READ_BACK), signal);
    }
  }
}

function holds(shoot: Shoot, { kubernetesVersion, workers }: Change): boolean {
  return (
    (kubernetesVersion === undefined || shoot.kubernetesVersion === kubernetesVersion) &&
    workers.every((wanted) => {
      const pool = shoot.workers.find(({ name }) => name === wanted.name);
      const { machineImage, kubernetesVersion: version } = wanted;
      return (
        pool !== undefined &&
        (version === undefined || pool.kubernetesVersion === version) &&
        (machineImage === undefined ||
          (pool.machineImage.name === machineImage.name &&
            pool.machineImage.version === machineImage.version))
      );
    })
  );
}

function withFinding(failure: UserError): UserError {
  return reworded(failure, `${failure.message} Read since, the Shoot does not have it.`);
}
