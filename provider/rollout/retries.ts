/** Whether a write that the garden did not accept is tried again, and after which pause. */
import type { WriteResult } from "../garden/garden";
import { pauseAfter } from "../model/backoff";
import type { GardenCapabilities } from "../model/capabilities";
import type { Step } from "../model/plan";
import { UserError } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { describeStep } from "../plan";
import type { Applied } from "./apply";
import { createTimeLimits, type ExceededLimit, type TimeLimits } from "./limits";
import { waitingLine } from "./progress";
import { createProgressDetector } from "./snapshot";
import { createAwakeTime } from "./suspension";
import { sentence, shorten } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export interface Retries {
  /** Resolves when the write may be tried again; throws where it may not. */
  pauseOrThrow(result: Exclude<Applied, { kind: "accepted" }>, step: Step, shoot: Shoot): Promise<void>;
  /** The operation that kept the garden busy has ended: what keeps it busy next has its own limit. */
  busyEnded(): void;
}

/** Gardener updates the status of a Shoot that it reconciles often, and each update is a conflict for our write. */
const CONFLICT_RETRIES = 10;
const CONFLICT_PAUSE = { firstMs: 100, longestMs: 3_000 };

/** A garden that loses so many responses in turn, to writes that did not take effect, accepts no write for now. */
const LOST_RESPONSES = 4;
const LOST_PAUSE = { firstMs: 1_000, longestMs: 10_000 };

const BUSY_PAUSE = { firstMs: 5_000, longestMs: 30_000 };

export function createRetries(
  request: RolloutRequest,
  { clock, garden, signal }: RolloutContext,
  wait: Wait,
): Retries {
  const { label } = request;
  const time = createAwakeTime(clock);
  const detector = createProgressDetector();
  let conflicts = 0;
  let lost = 0;
  let busy: { readonly limits: TimeLimits; attempts: number } | undefined;

  async function pauseAfterBusy(message: string, shoot: Shoot): Promise<void> {
    busy ??= { limits: createTimeLimits(time, request.options, wait.since), attempts: 0 };
    // The other operation makes progress: it will end.
    if (detector.progressed({ shoot, nodes: { kind: "unseen" } })) busy.limits.progressed();
    const reported = sentence(shorten(message, 400));
    const exceeded = busy.limits.exceeded();
    if (exceeded !== undefined) throw tooBusy(label, exceeded, reported);
    wait.show(waitingLine(request, `the garden is busy: ${reported}`));
    busy.attempts += 1;
    await time.sleep(pauseAfter(busy.attempts, BUSY_PAUSE), signal);
  }

  return {
    async pauseOrThrow(result, step, shoot) {
      switch (result.kind) {
        case "refused":
          throw refused(label, result.message, step, shoot);
        case "forbidden":
          throw forbidden(request, result.message, garden.capabilities);
        case "busy":
          return pauseAfterBusy(result.message, shoot);
        case "conflict":
          if (conflicts === CONFLICT_RETRIES) throw tooManyConflicts(label, result);
          conflicts += 1;
          return time.sleep(pauseAfter(conflicts, CONFLICT_PAUSE), signal);
        case "notWritten":
          lost += 1;
          if (lost === LOST_RESPONSES) throw result.failure;
          return time.sleep(pauseAfter(lost, LOST_PAUSE), signal);
      }
    },
    busyEnded() {
      busy = undefined;
    },
  };
}

function refused(label: string, message: string, step: Step, shoot: Shoot): UserError {
  return new UserError(
    "GU050",
    `${label}: the garden refused ${describeStep(step, shoot)}: ${sentence(shorten(message, 800))} ` +
      "Nothing was written. Run `pulumi up` again when the cause is fixed.",
  );
}

function forbidden(
  { label, ref }: RolloutRequest,
  message: string,
  { annotations }: GardenCapabilities,
): UserError {
  const right = annotations
    ? `the right to "patch" on "shoots.core.gardener.cloud" in the namespace ${ref.namespace}`
    : `the right to change ${shootId(ref)}`;
  return new UserError(
    "GU008",
    `${label}: ${right} is missing. Nothing was written. Run \`pulumi up\` again when it is granted. ` +
      `The garden reported: ${sentence(shorten(message, 400))}`,
  );
}

function tooManyConflicts(label: string, { message }: Extract<WriteResult, { kind: "conflict" }>): UserError {
  return new UserError(
    "GU051",
    `${label}: somebody else changed the Shoot during each of ${CONFLICT_RETRIES + 1} attempts to write it. ` +
      "Nothing was written. Run `pulumi up` again when Gardener has finished reconciling it. " +
      `The garden reported: ${sentence(shorten(message, 400))}`,
  );
}

function tooBusy(label: string, { code, text }: ExceededLimit, reported: string): UserError {
  return new UserError(
    code === "GU054" ? "GU051" : code,
    `${label}: the garden has been busy with another change for ${text}. Nothing was written. ` +
      `Run \`pulumi up\` again when Gardener has finished reconciling it. The garden reported: ${reported}`,
  );
}
