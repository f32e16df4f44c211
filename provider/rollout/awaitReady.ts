/**
 * The wait before a write. A minor goes only on top of a cluster that is healthy and at rest: half
 * of an upgrade on top of half of another is hard to mend. A patch or an image needs no rest, since
 * Gardener queues a change behind the operation that runs, except while a control plane moves; or
 * where the end of that operation could not be told from the end of ours.
 */
import { UserError } from "../model/problem";
import { hasAppliedSpec, hasMigratedLive, isInProgress, isMigrating, isObserved } from "../model/operation";
import type { GardenCapabilities } from "../model/capabilities";
import type { Step } from "../model/plan";
import { holdReason, type Condition, type Shoot } from "../model/shoot";
import { hibernationProblem } from "../plan";
import { adviceFor, isHopeless } from "./advice";
import { awaitCondition } from "./await";
import { progressLine } from "./progress";
import { lastOperationText, list, retryHint, shorten, spell } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

/** Conditions flicker while Gardener looks again; longer than this it is not flicker. */
export const UNHEALTHY_MS = 10 * 60_000;

/** What the hop waits for; undefined: it may be written. */
export function obstacleTo(step: Step, shoot: Shoot, capabilities: GardenCapabilities): string | undefined {
  const migration = migrationOf(shoot);
  if (migration !== undefined) return migration;
  const { lastOperation: operation } = shoot;
  if (step.kubernetes?.minor !== true) {
    return capabilities.optimisticLocking || !isRunning(shoot) ? undefined : endOf(operation);
  }
  if (operation === undefined) return "Gardener's first operation on the cluster";
  if (!hasAppliedSpec(shoot) && !hasMigratedLive(shoot)) return endOf(operation);
  if (!isObserved(shoot)) return "Gardener to take up the Shoot's last change";
  const unhealthy = shoot.conditions.filter(({ status }) => status !== "True");
  return unhealthy.length === 0 ? undefined : list(unhealthy.map(describeCondition));
}

/** Resolves with the Shoot as it was when nothing stood in the way any more, or when waiting became pointless. */
export async function awaitReady(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait & { readonly hop: Step; readonly shoot: Shoot },
): Promise<Shoot> {
  const { label, position, stepPosition: step } = request;
  const falseSince = new Map<string, Date>();
  return awaitCondition<Shoot>(request, context, { ...wait, watchNodes: false }, ({ shoot, interrupted }) => {
    // Neither becomes better by waiting: who writes decides.
    if (holdReason(shoot) !== undefined || hibernationProblem(shoot, [wait.hop], "").length > 0) {
      return { kind: "end", value: shoot };
    }
    const obstacle = obstacleTo(wait.hop, shoot, context.garden.capabilities);
    if (obstacle === undefined) return { kind: "end", value: shoot };
    if (isHopeless(shoot))
      throw notReady(label, [
        lastOperationText(shoot),
        ...adviceFor(shoot),
        retryHint(request.ref, context.garden.capabilities),
      ]);

    const now = context.clock.now();
    const failing = shoot.conditions.filter(({ status }) => status === "False");
    for (const type of falseSince.keys()) {
      if (!failing.some((condition) => condition.type === type)) falseSince.delete(type);
    }
    for (const { type } of failing) if (!falseSince.has(type)) falseSince.set(type, now);
    const lasting = failing.filter(
      ({ type }) => now.getTime() - since(falseSince, type, now) >= UNHEALTHY_MS,
    );
    if (lasting.length > 0) {
      throw notReady(label, [
        `For ${spell(UNHEALTHY_MS)} it has not been healthy: ${list(lasting.map(describeCondition))}.`,
      ]);
    }
    const oldest = Math.min(...failing.map(({ type }) => since(falseSince, type, now)));
    return {
      kind: "wait",
      for: obstacle,
      line: progressLine({
        label,
        position,
        stepPosition: step,
        stage: "waiting",
        note: interrupted ?? `for ${obstacle}`,
      }),
      again: failing.length === 0 ? undefined : new Date(oldest + UNHEALTHY_MS),
    };
  });
}

function isRunning(shoot: Shoot): boolean {
  return isInProgress(shoot) && !isHopeless(shoot);
}

function endOf(operation: Shoot["lastOperation"]): string {
  if (operation === undefined) return "Gardener's operation to succeed";
  return `Gardener's ${operation.type} to succeed (${operation.state}, ${operation.progress} %)`;
}

function migrationOf(shoot: Shoot): string | undefined {
  const { lastOperation: operation } = shoot;
  if (operation === undefined || !isMigrating(shoot)) return undefined;
  const { type, state, progress } = operation;
  return `the control plane's move to another seed (${type} ${state}, ${progress} %)`;
}

function describeCondition({ type, status, message, reason }: Condition): string {
  return `${type} (${status}: ${shorten(message === "" ? reason : message, 160)})`;
}

function since(times: ReadonlyMap<string, Date>, type: string, now: Date): number {
  return (times.get(type) ?? now).getTime();
}

function notReady(label: string, findings: readonly string[]): UserError {
  return new UserError(
    "GU044",
    `${label}: the cluster is not ready for an upgrade. ${findings.join(" ")} ` +
      "Nothing was written. Run `pulumi up` again when it has recovered.",
  );
}
