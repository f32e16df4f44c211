/** The one write of a step: on what is live, no more than was checked, tied to what was read. */
import { pauseAfter } from "../model/backoff";
import type { GardenCapabilities } from "../model/capabilities";
import { UserError } from "../model/problem";
import type { Hop } from "../model/plan";
import { holdReason, shootId, type Shoot } from "../model/shoot";
import { asleep, changeFor, describeHop, inSteps, pending, within } from "../plan";
import { apply } from "./apply";
import { assertPresent, calledOff } from "./identity";
import type { Preparation } from "./preparation";
import { progressLine } from "./progress";
import { obstacleTo, settle } from "./settle";
import { sentence, shorten, spell } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";
import { createMovementSensor } from "./view";

export type Written =
  | { readonly kind: "nothing"; readonly shoot: Shoot }
  | { readonly kind: "held"; readonly shoot: Shoot }
  | {
      readonly kind: "written";
      readonly hop: Hop;
      /** What the write was tied to. */
      readonly before: Shoot;
      /** What the garden answered. */
      readonly shoot: Shoot;
      /** By the garden's clock where it tells, else by ours. */
      readonly at: Date;
      /** Steps that were pending then, this one among them. */
      readonly left: readonly Hop[];
    };

/** Gardener writes the status of a busy Shoot often, and each such write is a conflict for ours. */
const RETRIES = 10;
const CONFLICT_PAUSE = { firstMs: 100, longestMs: 3_000 };

/** A garden that loses the answers of so many writes in turn, none of which was made, takes no write for now. */
const LOST_ANSWERS = 4;
const LOST_PAUSE = { firstMs: 1_000, longestMs: 10_000 };

/** Between looks at a garden that is at work on another change. */
const FIRST_BUSY_PAUSE_MS = 5_000;
const LONGEST_BUSY_PAUSE_MS = 30_000;

export async function write(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  preparation: Preparation,
): Promise<Written> {
  const { garden, clock, signal } = context;
  const { ref, target, checked, label } = request;
  let shoot = await garden.getShoot(ref);
  let conflicts = 0;
  let lost = 0;
  let watchable = false;
  let busy: { readonly since: Date; readonly pauseMs: number } | undefined;
  const sensor = createMovementSensor();
  for (;;) {
    if (signal?.aborted === true) throw calledOff(request);
    assertPresent(request, shoot);
    const left = inSteps(pending(target, shoot), garden.capabilities);
    const [hop] = left;
    if (hop === undefined) return { kind: "nothing", shoot };
    if (!within(left, checked)) throw beyond(request, left, shoot);
    if (holdReason(shoot) !== undefined) return { kind: "held", shoot };
    assertAwake(request, left, shoot);
    if (obstacleTo(hop, shoot, garden.capabilities) !== undefined) {
      shoot = await settle(request, context, { ...wait, hop, shoot });
      busy = undefined;
      continue;
    }
    // Preparing changes the cluster: whatever was read before is old.
    if (await preparation.demand(hop, wait)) {
      shoot = await garden.getShoot(ref);
      continue;
    }
    if (request.options.wait && !watchable) {
      await garden.assertWatchable?.(ref);
      watchable = true;
    }
    await context.assertMayWrite?.();
    const at = clock.now();
    const verdict = await apply(request, context, wait, changeFor(hop, shoot)).catch((error: unknown) => {
      if (mayHaveArrived(error)) preparation.doubt();
      throw error;
    });
    switch (verdict.kind) {
      case "accepted":
        preparation.used(hop);
        for (const warning of verdict.warnings) context.info(`${label}: the garden remarks: ${warning}`);
        return { kind: "written", hop, before: shoot, shoot: verdict.shoot, at: verdict.at ?? at, left };
      case "refused":
        throw new UserError(
          "GU050",
          `${label}: the garden refused ${describeHop(hop, shoot)}: ${sentence(shorten(verdict.message, 800))} Nothing was written.`,
        );
      case "forbidden":
        throw forbidden(request, verdict.message, garden.capabilities);
      case "busy": {
        const now = clock.now();
        busy ??= { since: now, pauseMs: FIRST_BUSY_PAUSE_MS };
        // What it is at work on moves: it will come to an end.
        if (sensor.moved({ shoot, nodes: { kind: "unseen" } })) busy = { ...busy, since: now };
        const words = sentence(shorten(verdict.message, 400));
        const { stalledMs, hopMs } = request.options;
        if (now.getTime() - busy.since.getTime() >= stalledMs)
          throw tooBusy(request, "GU051", stalledMs, words);
        if (hopMs !== undefined && now.getTime() - wait.since.getTime() >= hopMs) {
          throw tooBusy(request, "GU057", hopMs, words);
        }
        wait.show(busyLine(request, words));
        await clock.sleep(busy.pauseMs, signal);
        busy = { ...busy, pauseMs: Math.min(busy.pauseMs * 1.5, LONGEST_BUSY_PAUSE_MS) };
        shoot = await garden.getShoot(ref);
        break;
      }
      case "conflict":
        if (conflicts === RETRIES) {
          throw new UserError(
            "GU051",
            `${label}: the Shoot was changed by somebody else at each of ${RETRIES + 1} attempts to write it. ` +
              `Nothing was written. Run \`pulumi up\` again when it has come to rest. The garden says: ${sentence(shorten(verdict.message, 400))}`,
          );
        }
        conflicts += 1;
        await clock.sleep(pauseAfter(conflicts, CONFLICT_PAUSE), signal);
        shoot = await garden.getShoot(ref);
        break;
      case "notThere":
        lost += 1;
        if (lost === LOST_ANSWERS) {
          preparation.doubt();
          throw verdict.failure;
        }
        await clock.sleep(pauseAfter(lost, LOST_PAUSE), signal);
        shoot = await garden.getShoot(ref);
    }
  }
}

/** The plan refuses it as well; the Shoot may have been hibernated since. */
function assertAwake({ label }: RolloutRequest, left: readonly Hop[], shoot: Shoot): void {
  const [problem] = asleep(shoot, left, "kubernetes.version");
  if (problem === undefined) return;
  throw new UserError(problem.code, `${label}: ${problem.message} Nothing was written.`);
}

function busyLine({ label, position, step }: RolloutRequest, words: string): string {
  return progressLine({ label, position, step, stage: "waiting", note: `the garden is busy: ${words}` });
}

/** What stands in the Shoot is not known. */
function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof UserError) || error.writeOutcome === "unknown";
}

function tooBusy({ label }: RolloutRequest, code: "GU051" | "GU057", ms: number, words: string): UserError {
  return new UserError(
    code,
    `${label}: for ${spell(ms)} the garden has been at work on another change. Nothing was written. ` +
      `Run \`pulumi up\` again when the cluster has come to rest. The garden says: ${words}`,
  );
}

function forbidden(
  { label, ref }: RolloutRequest,
  words: string,
  { annotations }: GardenCapabilities,
): UserError {
  const right = annotations
    ? `the right to "patch" on "shoots.core.gardener.cloud" in the namespace ${ref.namespace}`
    : `the right to change ${shootId(ref)}`;
  return new UserError(
    "GU008",
    `${label}: ${right} is missing. Nothing was written. The garden says: ${sentence(shorten(words, 400))}`,
  );
}

function beyond({ label, checked }: RolloutRequest, left: readonly Hop[], shoot: Shoot): UserError {
  const was = checked.length === 0 ? "nothing" : checked.map((hop) => describeHop(hop, shoot)).join("; ");
  return new UserError(
    "GU038",
    `${label}: the live Shoot has changed, and more is pending now than was checked. ` +
      `Checked: ${was}. Now: ${left.map((hop) => describeHop(hop, shoot)).join("; ")}. ` +
      "Nothing was written. Run `pulumi preview` again and review it.",
  );
}
