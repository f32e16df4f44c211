/** Drives what is pending on a Shoot to its end. */
import { isDone, sleeps } from "./done";
import { follow, type Followed } from "./follow";
import { poolsByHand } from "./nodes";
import { summary } from "./summary";
import { list } from "./text";
import { createTicker } from "./ticker";
import type { RolloutContext, RolloutOutcome, RolloutRequest } from "./types";
import { write } from "./write";

/** Throws UserError for whatever goes wrong; what was written until then stays written. */
export async function rollOut(request: RolloutRequest, outer: RolloutContext): Promise<RolloutOutcome> {
  const { clock } = outer;
  const ticker = createTicker(clock, (text) => outer.status(text));
  // What stays is said after the status that led to it.
  const context: RolloutContext = {
    ...outer,
    info(text) {
      ticker.flush();
      outer.info(text);
    },
    warn(problem) {
      ticker.flush();
      outer.warn(problem);
    },
  };
  const wait = { since: clock.now(), show: (line: string): void => ticker.show(line) };
  try {
    const written = await write(request, context, wait);
    const { shoot } = written;
    if (written.kind === "nothing") {
      const aim = { uid: request.uid, generation: shoot.generation, target: request.target };
      if (isDone(shoot, aim)) return { kind: "nothing", shoot };
    } else if (shoot.maintenance.confineSpecUpdateRollout && shoot.generation === written.before.generation) {
      context.warn({
        code: "GU047",
        severity: "info",
        message: confined(request.label, shoot.maintenance.timeWindow),
      });
      return { kind: "confined", shoot };
    }
    if (!request.options.wait) return { kind: "written", shoot };
    return await arrive(
      request,
      context,
      { shoot, write: written.kind === "written" ? written : undefined },
      wait,
    );
  } finally {
    ticker.flush();
  }
}

async function arrive(
  request: RolloutRequest,
  context: RolloutContext,
  followed: Followed,
  wait: { readonly since: Date; show(line: string): void },
): Promise<RolloutOutcome> {
  const { label, target } = request;
  const hop = followed.write?.hop;
  const arrival = await follow(request, context, followed, wait);
  const { shoot, nodes } = arrival;
  context.info(summary(label, arrival, target, hop, context.clock.now().getTime() - wait.since.getTime()));
  const byHand = hop === undefined || sleeps(shoot) ? [] : poolsByHand(hop, shoot);
  if (byHand.length > 0) {
    context.info(
      `${label}: the nodes of ${list(byHand)} are updated one by one when somebody labels them ` +
        "node.machine.sapcloud.io/selected-for-update=true",
    );
  }
  return { kind: "done", shoot, nodes };
}

function confined(
  label: string,
  window: { readonly begin: string; readonly end: string } | undefined,
): string {
  const when = window === undefined ? "" : ` (${window.begin} to ${window.end})`;
  return `${label}: written. The Shoot keeps changes for its maintenance window${when}: Gardener rolls it out then.`;
}
