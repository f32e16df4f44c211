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
import { createInbox, type Inbox } from "./inbox";
import { assertSame, calledOff } from "./identity";
import { NEWS_MS, suspendedMs, WAKE_MS } from "./suspension";
import { GOES_ON, lastWords, list, spell } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";
import { createMovementSensor, type NodesView, type View } from "./view";

export type Judgement<T> =
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

export interface Observation {
  /** As it was read or answered last: judged at once. */
  readonly shoot: Shoot;
  readonly lookInside: boolean;
  /** Begin of the hop that the time limit counts from. */
  readonly since: Date;
  show(line: string): void;
}

type News =
  | { readonly kind: "shoot"; readonly shoot: Shoot }
  | { readonly kind: "gone" }
  | { readonly kind: "line"; readonly message: string }
  | { readonly kind: "nodes"; readonly nodes: NodesView }
  | { readonly kind: "broken"; readonly error: unknown }
  | { readonly kind: "stop" };

const LOOK_AGAIN_MS = 15_000;

/** May throw whatever ends the wait badly. */
export type Judge<T> = (view: View) => Judgement<T>;

export async function observe<T>(
  request: RolloutRequest,
  context: RolloutContext,
  observation: Observation,
  judge: Judge<T>,
): Promise<T> {
  const { clock, garden, signal } = context;
  const { label, options } = request;
  const inbox = createInbox<News>();
  const stop = new AbortController();
  const interrupt = (): void => inbox.put({ kind: "stop" });
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted === true) interrupt();

  const sensor = createMovementSensor();
  let view: View = { shoot: observation.shoot, nodes: { kind: "unseen" } };
  sensor.moved(view);
  let lastMoved = clock.now();
  let notBefore = 0;
  try {
    let judgement = judge(view);
    if (judgement.kind === "end") return judgement.value;
    void watchShoot(garden, request, stop.signal, inbox);
    if (observation.lookInside) void watchNodes(garden, observation.shoot, clock, stop.signal, inbox);
    for (;;) {
      observation.show(judgement.line);
      const stalledAt = Math.max(lastMoved.getTime() + options.stalledMs, notBefore);
      const limit =
        options.hopMs === undefined
          ? undefined
          : Math.max(observation.since.getTime() + options.hopMs, notBefore);
      const wakeAt = earliest([
        stalledAt,
        limit,
        judgement.again?.getTime(),
        clock.now().getTime() + WAKE_MS,
      ]);
      const news = await inbox.take(clock, wakeAt);
      const now = clock.now();
      if (news !== undefined) view = seeing(view, news, request, garden);
      const slept = suspendedMs(wakeAt, now);
      if (sensor.moved(view)) lastMoved = now;
      else lastMoved = new Date(lastMoved.getTime() + slept);
      if (slept > 0) notBefore = now.getTime() + NEWS_MS;
      judgement = judge(view);
      if (judgement.kind === "end") return judgement.value;
      if (now.getTime() < notBefore) continue;
      if (options.hopMs !== undefined && now.getTime() >= observation.since.getTime() + options.hopMs) {
        throw tired("GU057", `${label}: not done within ${spell(options.hopMs)}`, view, judgement);
      }
      if (now.getTime() >= lastMoved.getTime() + options.stalledMs) {
        throw tired("GU054", `${label}: nothing has moved for ${spell(options.stalledMs)}`, view, judgement);
      }
    }
  } finally {
    stop.abort();
    signal?.removeEventListener("abort", interrupt);
  }
}

function seeing(view: View, news: News, request: RolloutRequest, garden: Garden): View {
  const { label } = request;
  switch (news.kind) {
    case "shoot":
      assertSame(request, news.shoot);
      if (news.shoot.deletionTimestamp !== undefined) throw deleted(label, "is being deleted");
      // A watch may begin with a state from before the write.
      if (news.shoot.generation < view.shoot.generation) return view;
      // Nor does every change of a spec raise the generation.
      if (garden.capabilities.optimisticLocking && isOlder(news.shoot, view.shoot)) return view;
      return { shoot: news.shoot, nodes: view.nodes };
    case "gone":
      throw deleted(label, "no longer exists");
    case "line":
      return { ...view, interrupted: news.message };
    case "nodes":
      // A lost look is mended in the background: what was seen still stands.
      return news.nodes.kind !== "seen" && view.nodes.kind === "seen" ? view : { ...view, nodes: news.nodes };
    case "broken":
      throw news.error;
    case "stop":
      throw calledOff(request);
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
  inbox: Inbox<News>,
): Promise<void> {
  try {
    for await (const event of garden.watchShoot(ref, signal)) {
      if (event.kind === "seen") inbox.put({ kind: "shoot", shoot: event.shoot });
      else if (event.kind === "gone") inbox.put({ kind: "gone" });
      else inbox.put({ kind: "line", message: event.message });
    }
    inbox.put({
      kind: "broken",
      error: new UserError("GU013", `${label}: the garden ended the watch. ${GOES_ON}`),
    });
  } catch (error) {
    inbox.put({
      kind: "broken",
      error:
        error instanceof UserError
          ? reworded(error, `${label}: the watch ended. ${error.message} ${GOES_ON}`)
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
  inbox: Inbox<News>,
): Promise<void> {
  let seen = false;
  while (!signal.aborted) {
    try {
      const cluster = await garden.openCluster(shoot);
      if (cluster === undefined) {
        inbox.put({ kind: "nodes", nodes: { kind: "hidden" } });
        // Where one could look before, it may only be that the certificate authority is renewed.
        if (!seen) return;
      }
      for await (const nodes of cluster?.watchNodes(signal) ?? []) {
        seen = true;
        inbox.put({ kind: "nodes", nodes: { kind: "seen", nodes } });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const forbidden = error instanceof UserError && error.code === "GU008";
      inbox.put({ kind: "nodes", nodes: { kind: forbidden ? "hidden" : "unseen", reason } });
      if (forbidden && !seen) return;
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

function tired(
  code: Code,
  what: string,
  view: View,
  waiting: Judgement<unknown> & { kind: "wait" },
): UserError {
  const behind = waiting.behind ?? [];
  return new UserError(
    code,
    [
      `${what}, while waiting for ${waiting.for}.`,
      lastWords(view.shoot),
      behind.length === 0 ? "" : `Nodes not yet done: ${list(behind)}.`,
      view.interrupted === undefined ? "" : `There is no news from the garden: ${view.interrupted}.`,
      GOES_ON,
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
