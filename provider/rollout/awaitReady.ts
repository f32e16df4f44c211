/**
 * The wait before a write. A minor is written only to a cluster that is healthy and reconciled: an
 * upgrade that fails on top of an unfinished one is hard to repair. A patch or an image needs neither,
 * since Gardener queues a change after the operation in progress, except during a control plane
 * migration, or where the garden does not tell the end of that operation from the end of ours.
 */
import { hasAppliedSpec, hasMigratedLive, isInProgress, isMigrating, isObserved } from "../model/operation";
import type { GardenCapabilities } from "../model/capabilities";
import type { Step } from "../model/plan";
import { UserError } from "../model/problem";
import { holdReason, type Condition as ShootCondition, type Shoot } from "../model/shoot";
import { spell } from "../model/duration";
import { list } from "../model/text";
import { hibernationProblem } from "../plan";
import { adviceFor, isPermanentlyFailed } from "./advice";
import { awaitConditions } from "./await";
import { done, evaluateAll, failed, waiting, type Condition, type Evaluation } from "./conditions";
import { waitingLine } from "./progress";
import type { AwakeTime } from "./suspension";
import { lastOperationText, retryHint, shorten } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

/** A minor is written when these are met. */
const minorConditions: readonly Condition<Readiness>[] = [
  controlPlaneIsNotMigrating,
  firstOperationHasStarted,
  lastOperationHasSucceeded,
  lastChangeIsObserved,
  clusterIsHealthy,
];

/** A patch or an image is written when these are met. */
const patchConditions: readonly Condition<Readiness>[] = [
  controlPlaneIsNotMigrating,
  noOperationIsInProgress,
];

/** What does not become ready by waiting. */
const failures: readonly Condition<WaitingReadiness>[] = [operationIsRetried, clusterRecovers];

interface Readiness {
  readonly shoot: Shoot;
  readonly capabilities: GardenCapabilities;
  /** Another step of this rollout has just been completed. */
  readonly follows: boolean;
}

interface WaitingReadiness extends Readiness {
  readonly request: RolloutRequest;
  readonly interrupted?: string;
  readonly time: AwakeTime;
  /** By the type of the condition. */
  readonly falseSince: ReadonlyMap<string, Date>;
}

/** Conditions change while Gardener checks again; longer than this is not temporary. */
const UNHEALTHY_MS = 10 * 60_000;

export function evaluateReadiness(step: Step, state: Readiness): Evaluation {
  return evaluateAll(conditionsFor(step, state), state);
}

export function readinessOf(
  { stepPosition }: RolloutRequest,
  { garden: { capabilities } }: RolloutContext,
  shoot: Shoot,
): Readiness {
  return { shoot, capabilities, follows: stepPosition !== undefined && stepPosition.index > 1 };
}

/** Resolves with the Shoot as it was when it was ready, or when waiting became pointless. */
export async function awaitReady(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait & { readonly step: Step; readonly shoot: Shoot },
): Promise<Shoot> {
  const falseSince = new Map<string, Date>();
  return awaitConditions<WaitingReadiness, Shoot>(request, context, {
    shoot: wait.shoot,
    since: wait.since,
    watchNodes: false,
    // Neither changes by waiting: the caller decides.
    conditions: [
      (state) =>
        holdReason(state.shoot) !== undefined || hibernationProblem(state.shoot, [wait.step], "").length > 0
          ? done
          : evaluateReadiness(wait.step, state),
    ],
    failures,
    observe({ shoot, interrupted }, time) {
      trackFalse(shoot, falseSince, time.now());
      return { ...readinessOf(request, context, shoot), request, interrupted, time, falseSince };
    },
    result: ({ shoot }) => shoot,
    onWaiting: ({ interrupted }, { reason }) =>
      wait.show(waitingLine(request, interrupted ?? `for ${reason}`)),
  });
}

/** Nodes of further pools are replaced only where those of the first ones run well. */
function conditionsFor(
  { kubernetes, pools }: Step,
  { follows, capabilities }: Readiness,
): readonly Condition<Readiness>[] {
  const replacesMore =
    follows && capabilities.combinedWrites && pools.some(({ replacesNodes }) => replacesNodes);
  return kubernetes?.minor === true || replacesMore ? minorConditions : patchConditions;
}

function controlPlaneIsNotMigrating({ shoot }: Readiness): Evaluation {
  const { lastOperation: operation } = shoot;
  if (operation === undefined || !isMigrating(shoot)) return done;
  const { type, state, progress } = operation;
  return waiting(`the control plane's migration to another seed (${type} ${state}, ${progress} %)`);
}

function noOperationIsInProgress({ shoot, capabilities }: Readiness): Evaluation {
  const inProgress = isInProgress(shoot) && !isPermanentlyFailed(shoot);
  return capabilities.optimisticLocking || !inProgress ? done : waitingForOperation(shoot);
}

function firstOperationHasStarted({ shoot }: Readiness): Evaluation {
  return shoot.lastOperation === undefined ? waiting("Gardener's first operation on the cluster") : done;
}

function lastOperationHasSucceeded({ shoot }: Readiness): Evaluation {
  return hasAppliedSpec(shoot) || hasMigratedLive(shoot) ? done : waitingForOperation(shoot);
}

function lastChangeIsObserved({ shoot }: Readiness): Evaluation {
  return isObserved(shoot) ? done : waiting("Gardener to start reconciling the Shoot's last change");
}

function clusterIsHealthy({ shoot }: Readiness): Evaluation {
  const unhealthy = shoot.conditions.filter(({ status }) => status !== "True");
  return unhealthy.length === 0 ? done : waiting(list(unhealthy.map(describeCondition)));
}

function operationIsRetried({ shoot, request, capabilities }: WaitingReadiness): Evaluation {
  if (!isPermanentlyFailed(shoot)) return done;
  const findings = [lastOperationText(shoot), ...adviceFor(shoot), retryHint(request.ref, capabilities)];
  return failed(notReady(request, findings));
}

function clusterRecovers({ shoot, request, time, falseSince }: WaitingReadiness): Evaluation {
  if (falseSince.size === 0) return done;
  const lasting = shoot.conditions.filter(({ type }) => {
    const since = falseSince.get(type);
    return since !== undefined && time.hasElapsed(since, UNHEALTHY_MS);
  });
  if (lasting.length > 0) {
    const found = `For ${spell(UNHEALTHY_MS)} it has not been healthy: ${list(lasting.map(describeCondition))}.`;
    return failed(notReady(request, [found]));
  }
  const oldest = Math.min(...[...falseSince.values()].map((since) => since.getTime()));
  return waiting("the cluster to recover", time.elapsesAt(new Date(oldest), UNHEALTHY_MS));
}

function trackFalse({ conditions }: Shoot, falseSince: Map<string, Date>, now: Date): void {
  const types = conditions.filter(({ status }) => status === "False").map(({ type }) => type);
  for (const type of falseSince.keys()) if (!types.includes(type)) falseSince.delete(type);
  for (const type of types) if (!falseSince.has(type)) falseSince.set(type, now);
}

function waitingForOperation({ lastOperation: operation }: Shoot): Evaluation {
  if (operation === undefined) return waiting("Gardener's operation to succeed");
  const { type, state, progress } = operation;
  return waiting(`Gardener's ${type} to succeed (${state}, ${progress} %)`);
}

function describeCondition({ type, status, message, reason }: ShootCondition): string {
  return `${type} (${status}: ${shorten(message === "" ? reason : message, 160)})`;
}

function notReady({ label }: RolloutRequest, findings: readonly string[]): UserError {
  return new UserError(
    "GU044",
    `${label}: the cluster is not ready for an upgrade. ${findings.join(" ")} ` +
      "Nothing was written. Run `pulumi up` again when it has recovered.",
  );
}
