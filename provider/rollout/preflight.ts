/** The preflight checks before a step. */
import type { Step } from "../model/plan";
import type { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { waitingLine } from "./progress";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

/** After a step, such as until the pods of a webhook are ready on new nodes. */
const PAUSES_MS = [15_000, 30_000, 60_000];

/**
 * What stops these steps; undefined: nothing. Before the first write of a run what is found stops it at once; between steps it has to
 * last, since the one before has just moved pods.
 */
export async function examine(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  shoot: Shoot,
  steps: readonly Step[],
): Promise<UserError | undefined> {
  const { clock, signal } = context;
  const pauses = isFirstOfRun(request) ? [] : PAUSES_MS;
  let found = await context.preflight?.(shoot, steps);
  for (const pause of pauses) {
    if (found === undefined || signal?.aborted === true) break;
    wait.show(waitingLine(request, "the preflight checks have found what would stop the next step"));
    await clock.sleep(pause, signal);
    found = await context.preflight?.(shoot, steps);
  }
  return found;
}

/** Nothing was written in this run. */
export function isFirstOfRun({ stepPosition }: RolloutRequest): boolean {
  return (stepPosition?.index ?? 1) === 1;
}
