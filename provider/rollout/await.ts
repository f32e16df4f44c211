/**
 * Watches a cluster until a judge is content. What holds for every wait is here: the right cluster,
 * not deleted, not interrupted, not stalled, within its time. Nothing is polled: the Shoot's and the
 * nodes' watches wake it, and the clock where a deadline passes. Time during which the machine slept
 * is no time without movement, and no deadline passes before there could be news after it.
 */
import { reworded, UserError } from "../model/problem";
import type { Code } from "../model/codes";
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { Shoot } from "../model/shoot";
import { createAsyncQueue, receiveBefore, type AsyncQueue } from "../model/queue";
import { assertSameUid, aborted } from "./identity";
import { NEWS_MS, suspendedMs, WAKE_MS } from "./suspension";
import { CONTINUES, lastOperationText, list, spell } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";
import { createProgressDetector, type NodesSnapshot, type Snapshot } from "./snapshot";

export type Evaluation<T> =
  | { readonly kind: "end"; readonly value: T }
  | {
      readonly kind: "wait";
      /** Completes "waiting for". */
      readonly for: string;
      /** The status line. */
      readonly line: string;
      /** Names of nodes that are not yet done. */
      readonly behind?: readonly string[];
      /** When to judge again though nothing has happened. */
      readonly again?: Date;
    };

export interface AwaitOptions {
  /** As it was read or answered last: judged at once. */
  readonly shoot: Shoot;
  readonly watchNodes: boolean;
  /** Begin of the hop that the time limit counts from. */
  readonly since: Date;
  show(line: string): void;
}

type Update =
  | { readonly kind: "shoot"; readonly shoot: Shoot }
  | { readonly kind: "gone" }
  | { readonly kind: "line"; readonly message: string }
  | { readonly kind: "nodes"; readonly nodes: NodesSnapshot }
  | { readonly kind: "broken"; readonly error: unknown }
  | { readonly kind: "stop" };

const NODES_RETRY_MS = 15_000;

/** May throw whatever ends the wait badly. */
export type Evaluate<T> = (snapshot: Snapshot) => Evaluation<T>;

export async function awaitCondition<T>(
  request: RolloutRequest,
  context: RolloutContext,
  observation: AwaitOptions,
  judge: Evaluate<T>,
): Promise<T> {
  const { clock, garden, signal } = context;
  const { label, options } = request;
  const updates = createAsyncQueue<Update>();
  const stop = new AbortController();
  const interrupt = (): void => updates.send({ kind: "stop" });
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted === true) interrupt();

  const sensor = createProgressDetector();
  let snapshot: Snapshot = { shoot: observation.shoot, nodes: { kind: "unseen" } };
  sensor.progressed(snapshot);
  let lastMoved = clock.now();
  let notBefore = 0;
  try {
    let judgement = judge(snapshot);
    if (judgement.kind === "end") return judgement.value;
    void watchShoot(garden, request, stop.signal, updates);
    if (observation.watchNodes) void watchNodes(garden, observation.shoot, clock, stop.signal, updates);
    for (;;) {
      observation.show(judgement.line);
      const stalledAt = Math.max(lastMoved.getTime() + options.progressDeadlineMs, notBefore);
      const limit =
        options.timeoutMs === undefined
          ? undefined
          : Math.max(observation.since.getTime() + options.timeoutMs, notBefore);
      const wakeAt = earliest([
        stalledAt,
        limit,
        judgement.again?.getTime(),
        clock.now().getTime() + WAKE_MS,
      ]);
      const news = await receiveBefore(updates, clock, wakeAt);
      const now = clock.now();
      if (news !== undefined) snapshot = applyUpdate(snapshot, news, request, garden);
      const slept = suspendedMs(wakeAt, now);
      if (sensor.progressed(snapshot)) lastMoved = now;
      else lastMoved = new Date(lastMoved.getTime() + slept);
      if (slept > 0) notBefore = now.getTime() + NEWS_MS;
      judgement = judge(snapshot);
      if (judgement.kind === "end") return judgement.value;
      if (now.getTime() < notBefore) continue;
      if (
        options.timeoutMs !== undefined &&
        now.getTime() >= observation.since.getTime() + options.timeoutMs
      ) {
        throw timedOut("GU057", `${label}: not done within ${spell(options.timeoutMs)}`, snapshot, judgement);
      }
      if (now.getTime() >= lastMoved.getTime() + options.progressDeadlineMs) {
        throw timedOut(
          "GU054",
          `${label}: nothing has moved for ${spell(options.progressDeadlineMs)}`,
          snapshot,
          judgement,
        );
      }
    }
  } finally {
    stop.abort();
    signal?.removeEventListener("abort", interrupt);
  }
}

function applyUpdate(snapshot: Snapshot, news: Update, request: RolloutRequest, garden: Garden): Snapshot {
  const { label } = request;
  switch (news.kind) {
    case "shoot":
      assertSameUid(request, news.shoot);
      if (news.shoot.deletionTimestamp !== undefined) throw deleted(label, "is being deleted");
      // A watch may begin with a state from before the write.
      if (news.shoot.generation < snapshot.shoot.generation) return snapshot;
      // Nor does every change of a spec raise the generation.
      if (garden.capabilities.optimisticLocking && isOlder(news.shoot, snapshot.shoot)) return snapshot;
      return { shoot: news.shoot, nodes: snapshot.nodes };
    case "gone":
      throw deleted(label, "no longer exists");
    case "line":
      return { ...snapshot, interrupted: news.message };
    case "nodes":
      // A lost look is mended in the background: what was seen still stands.
      return news.nodes.kind !== "seen" && snapshot.nodes.kind === "seen"
        ? snapshot
        : { ...snapshot, nodes: news.nodes };
    case "broken":
      throw news.error;
    case "stop":
      throw aborted(request);
  }
}

/** Kubernetes promises that the versions of one resource are integers that grow (KEP-5504). */
function isOlder({ resourceVersion: one }: Shoot, { resourceVersion: other }: Shoot): boolean {
  return [one, other].every((version) => /^[1-9][0-9]*$/.test(version)) && BigInt(one) < BigInt(other);
}

async function watchShoot(
  garden: Garden,
  { ref, label }: RolloutRequest,
  signal: AbortSignal,
  updates: AsyncQueue<Update>,
): Promise<void> {
  try {
    for await (const event of garden.watchShoot(ref, signal)) {
      if (event.kind === "seen") updates.send({ kind: "shoot", shoot: event.shoot });
      else if (event.kind === "gone") updates.send({ kind: "gone" });
      else updates.send({ kind: "line", message: event.message });
    }
    updates.send({
      kind: "broken",
      error: new UserError("GU013", `${label}: the garden ended the watch. ${CONTINUES}`),
    });
  } catch (error) {
    updates.send({
      kind: "broken",
      error:
        error instanceof UserError
          ? reworded(error, `${label}: the watch ended. ${error.message} ${CONTINUES}`)
          : error,
    });
  }
}

/** Nodes are a proof beyond Gardener's word: where they cannot be seen the rollout still ends. */
async function watchNodes(
  garden: Garden,
  shoot: Shoot,
  clock: Clock,
  signal: AbortSignal,
  updates: AsyncQueue<Update>,
): Promise<void> {
  let seen = false;
  while (!signal.aborted) {
    try {
      const cluster = await garden.openCluster(shoot);
      if (cluster === undefined) {
        updates.send({ kind: "nodes", nodes: { kind: "hidden" } });
        // Where one could look before, it may only be that the certificate authority is renewed.
        if (!seen) return;
      }
      for await (const nodes of cluster?.watchNodes(signal) ?? []) {
        seen = true;
        updates.send({ kind: "nodes", nodes: { kind: "seen", nodes } });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const forbidden = error instanceof UserError && error.code === "GU008";
      updates.send({ kind: "nodes", nodes: { kind: forbidden ? "hidden" : "unseen", reason } });
      if (forbidden && !seen) return;
    }
    await clock.sleep(NODES_RETRY_MS, signal);
  }
}

function timedOut(
  code: Code,
  what: string,
  snapshot: Snapshot,
  waiting: Evaluation<unknown> & { kind: "wait" },
): UserError {
  const behind = waiting.behind ?? [];
  return new UserError(
    code,
    [
      `${what}, while waiting for ${waiting.for}.`,
      lastOperationText(snapshot.shoot),
      behind.length === 0 ? "" : `Nodes not yet done: ${list(behind)}.`,
      snapshot.interrupted === undefined ? "" : `There is no news from the garden: ${snapshot.interrupted}.`,
      CONTINUES,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  );
}

function deleted(label: string, how: string): UserError {
  return new UserError(
    "GU056",
    `${label}: the Shoot ${how}; somebody deleted it, this package never does. ` +
      "Where it is gone for good, take the resource out of the program.",
  );
}

function earliest(times: readonly (number | undefined)[]): Date {
  return new Date(Math.min(...times.filter((time) => time !== undefined)));
}
