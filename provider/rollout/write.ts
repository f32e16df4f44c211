/** The one write of a step: on what is live, no more than was checked, tied to what was read. */
import { pauseAfter } from "../model/backoff";
import type { GardenCapabilities } from "../model/capabilities";
import { UserError } from "../model/problem";
import type { Step } from "../model/plan";
import { holdReason, shootId, type Shoot } from "../model/shoot";
import { hibernationProblem, changeFor, describeStep, splitForGarden, pending, within } from "../plan";
import { apply } from "./apply";
import { assertPresent, aborted } from "./identity";
import type { Preparation } from "./preparation";
import { progressLine } from "./progress";
import { obstacleTo, awaitReady } from "./awaitReady";
import { sentence, shorten, spell } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";
import { createProgressDetector } from "./snapshot";

export type Written =
  | { readonly kind: "nothing"; readonly shoot: Shoot }
  | { readonly kind: "held"; readonly shoot: Shoot }
  | {
      readonly kind: "written";
      readonly step: Step;
      /** What the write was tied to. */
      readonly before: Shoot;
      /** What the garden answered. */
      readonly shoot: Shoot;
      /** By the garden's clock where it tells, else by ours. */
      readonly at: Date;
      /** Steps that were pending then, this one among them. */
      readonly left: readonly Step[];
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
  const sensor = createProgressDetector();
  for (;;) {
    if (signal?.aborted === true) throw aborted(request);
    assertPresent(request, shoot);
    const left = splitForGarden(pending(target, shoot), garden.capabilities);
    const [step] = left;
    if (step === undefined) return { kind: "nothing", shoot };
    if (!within(left, checked)) throw exceedsChecked(request, left, shoot);
    if (holdReason(shoot) !== undefined) return { kind: "held", shoot };
    assertAwake(request, left, shoot);
    if (obstacleTo(step, shoot, garden.capabilities) !== undefined) {
      shoot = await awaitReady(request, context, { ...wait, hop: step, shoot });
      busy = undefined;
      continue;
    }
    // Preparing changes the cluster: whatever was read before is old.
    if (await preparation.ensure(step, wait)) {
      shoot = await garden.getShoot(ref);
      continue;
    }
    if (request.options.wait && !watchable) {
      await garden.assertWatchable?.(ref);
      watchable = true;
    }
    await context.assertMayWrite?.();
    const at = clock.now();
    const result = await apply(request, context, wait, changeFor(step, shoot)).catch((error: unknown) => {
      if (mayHaveArrived(error)) preparation.acceptanceUnknown();
      throw error;
    });
    switch (result.kind) {
      case "accepted":
        preparation.accepted(step);
        for (const warning of result.warnings) context.info(`${label}: the garden remarks: ${warning}`);
        return { kind: "written", step, before: shoot, shoot: result.shoot, at: result.at ?? at, left };
      case "refused":
        throw new UserError(
          "GU050",
          `${label}: the garden refused ${describeStep(step, shoot)}: ${sentence(shorten(result.message, 800))} Nothing was written.`,
        );
      case "forbidden":
        throw forbidden(request, result.message, garden.capabilities);
      case "busy": {
        const now = clock.now();
        busy ??= { since: now, pauseMs: FIRST_BUSY_PAUSE_MS };
        // What it is at work on moves: it will come to an end.
        if (sensor.progressed({ shoot, nodes: { kind: "unseen" } })) busy = { ...busy, since: now };
        const words = sentence(shorten(result.message, 400));
        const { progressDeadlineMs, timeoutMs } = request.options;
        if (now.getTime() - busy.since.getTime() >= progressDeadlineMs)
          throw tooBusy(request, "GU051", progressDeadlineMs, words);
        if (timeoutMs !== undefined && now.getTime() - wait.since.getTime() >= timeoutMs) {
          throw tooBusy(request, "GU057", timeoutMs, words);
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
              `Nothing was written. Run \`pulumi up\` again when it has come to rest. The garden says: ${sentence(shorten(result.message, 400))}`,
          );
        }
        conflicts += 1;
        await clock.sleep(pauseAfter(conflicts, CONFLICT_PAUSE), signal);
        shoot = await garden.getShoot(ref);
        break;
      case "notThere":
        lost += 1;
        if (lost === LOST_ANSWERS) {
          preparation.acceptanceUnknown();
          throw result.failure;
        }
        await clock.sleep(pauseAfter(lost, LOST_PAUSE), signal);
        shoot = await garden.getShoot(ref);
    }
  }
}

/** The plan refuses it as well; the Shoot may have been hibernated since. */
function assertAwake({ label }: RolloutRequest, left: readonly Step[], shoot: Shoot): void {
  const [problem] = hibernationProblem(shoot, left, "kubernetes.version");
  if (problem === undefined) return;
  throw new UserError(problem.code, `${label}: ${problem.message} Nothing was written.`);
}

function busyLine({ label, position, stepPosition: step }: RolloutRequest, words: string): string {
  return progressLine({
    label,
    position,
    stepPosition: step,
    stage: "waiting",
    note: `the garden is busy: ${words}`,
  });
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

function exceedsChecked({ label, checked }: RolloutRequest, left: readonly Step[], shoot: Shoot): UserError {
  const was = checked.length === 0 ? "nothing" : checked.map((step) => describeStep(step, shoot)).join("; ");
  return new UserError(
    "GU038",
    `${label}: the live Shoot has changed, and more is pending now than was checked. ` +
      `Checked: ${was}. Now: ${left.map((hop) => describeStep(hop, shoot)).join("; ")}. ` +
      "Nothing was written. Run `pulumi preview` again and review it.",
  );
}
