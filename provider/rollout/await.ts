/**
 * Watches a Shoot until conditions are met. What holds for every wait is here: the adopted cluster, not
 * deleted, not interrupted, within its time limits. Nothing is polled: updates of the watches cause an
 * evaluation, and the clock where a limit passes.
 */
import { UserError } from "../model/problem";
import { createAsyncQueue, receiveBefore, type AsyncQueue } from "../model/queue";
import type { Shoot } from "../model/shoot";
import { list } from "../model/text";
import { evaluateAll, type Condition, type Evaluation, type Waiting } from "./conditions";
import { createTimeLimits, type ExceededLimit } from "./limits";
import { createProgressDetector, type Snapshot } from "./snapshot";
import { createStandstillObserver } from "./standstill";
import { createAwakeTime, WAKE_MS, type AwakeTime } from "./suspension";
import { CONTINUES, lastOperationText } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";
import { applyUpdate, startWatches, type Update } from "./updates";

export interface AwaitOptions<S, T> {
  /** As it was read or returned last: evaluated at once. */
  readonly shoot: Shoot;
  readonly watchNodes: boolean;
  /** Start of the step, from which the timeout counts. */
  readonly since: Date;
  /** In this order: the first one that is not met is what is waited for. */
  readonly conditions: readonly Condition<S>[];
  /** Evaluated while something is waited for: one that fails ends the wait. */
  readonly failures?: readonly Condition<S>[];
  /** What the conditions evaluate. */
  observe(snapshot: Snapshot, time: AwakeTime): S;
  /** Of a state in which all conditions are met. */
  result(state: S): T;
  onWaiting(state: S, waiting: Waiting): void;
  /** Names of the nodes that are waited for. */
  pendingNodes?(state: S): readonly string[];
}

export async function awaitConditions<S, T>(
  request: RolloutRequest,
  context: RolloutContext,
  options: AwaitOptions<S, T>,
): Promise<T> {
  const { signal } = context;
  const updates = createAsyncQueue<Update>();
  const stop = new AbortController();
  const interrupt = (): void => updates.send({ kind: "aborted" });
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted === true) interrupt();
  try {
    return await evaluateUpdates(request, context, options, updates, stop.signal);
  } finally {
    stop.abort();
    signal?.removeEventListener("abort", interrupt);
  }
}

async function evaluateUpdates<S, T>(
  request: RolloutRequest,
  context: RolloutContext,
  options: AwaitOptions<S, T>,
  updates: AsyncQueue<Update>,
  stop: AbortSignal,
): Promise<T> {
  const { clock } = context;
  const time = createAwakeTime(clock);
  const limits = createTimeLimits(time, request.options, options.since);
  const detector = createProgressDetector();
  const standstill = createStandstillObserver(context, time, updates, request.options.progressDeadlineMs);
  let snapshot: Snapshot = { shoot: options.shoot, nodes: { kind: "unseen" } };
  detector.progressed(snapshot);
  let state = options.observe(snapshot, time);
  let evaluation = evaluate(options, state);
  if (evaluation.kind === "waiting") {
    startWatches(request, context, options.shoot, options.watchNodes, updates, stop);
  }
  while (evaluation.kind === "waiting") {
    options.onWaiting(state, evaluation);
    const next = clock.now().getTime() + WAKE_MS;
    const wakeAt = earliest([limits.exceededAt(), evaluation.evaluateAt, new Date(next)]);
    const update = await receiveBefore(updates, clock, wakeAt);
    time.timerFired(wakeAt);
    if (update !== undefined) snapshot = applyUpdate(snapshot, update, request, context);
    const progressed = detector.progressed(snapshot);
    if (progressed) {
      limits.progressed();
      standstill.progressed();
      snapshot = { ...snapshot, cause: undefined };
    }
    state = options.observe(snapshot, time);
    evaluation = evaluate(options, state);
    const pendingNodes = options.pendingNodes?.(state) ?? [];
    if (!progressed && evaluation.kind === "waiting") standstill.unchanged(snapshot.shoot, pendingNodes);
    const exceeded = evaluation.kind === "waiting" ? limits.exceeded() : undefined;
    if (evaluation.kind === "waiting" && exceeded !== undefined) {
      throw limitExceeded(request, exceeded, snapshot, evaluation, pendingNodes);
    }
  }
  if (evaluation.kind === "failed") throw evaluation.error;
  return options.result(state);
}

function evaluate<S, T>({ conditions, failures = [] }: AwaitOptions<S, T>, state: S): Evaluation {
  const evaluation = evaluateAll(conditions, state);
  if (evaluation.kind !== "waiting") return evaluation;
  const failure = evaluateAll(failures, state);
  if (failure.kind !== "waiting") return failure.kind === "failed" ? failure : evaluation;
  return { ...evaluation, evaluateAt: failure.evaluateAt };
}

function limitExceeded(
  { label }: RolloutRequest,
  { code, text }: ExceededLimit,
  { shoot, interrupted, cause }: Snapshot,
  { reason }: Waiting,
  pendingNodes: readonly string[],
): UserError {
  const found = code === "GU054" ? `no progress for ${text}` : `not complete within ${text}`;
  return new UserError(
    code,
    [
      `${label}: ${found}, while waiting for ${reason}.`,
      lastOperationText(shoot),
      ...(pendingNodes.length === 0 ? [] : [`Nodes not yet updated: ${list(pendingNodes)}.`]),
      ...(cause === undefined ? [] : [`The drain stands still: ${cause}.`]),
      ...(interrupted === undefined ? [] : [`The watch is interrupted: ${interrupted}.`]),
      CONTINUES,
    ].join(" "),
  );
}

function earliest(times: readonly (Date | undefined)[]): Date {
  return new Date(Math.min(...times.flatMap((time) => time?.getTime() ?? [])));
}
