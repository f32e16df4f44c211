/** The status line of a rollout. */
import type { LastOperation } from "../model/shoot";
import { count } from "../model/text";
import { shorten } from "./text";
import type { PoolNodes } from "./nodes";
import type { Position, RolloutRequest } from "./types";

/** The engine's display may show no more of a line than this. */
const ESSENTIAL = 20;
const LONGEST_NOTE = 100;
/** Of three names, each of which may be as long as a note. */
const LONGEST_CAUSE = 300;

export interface ProgressLine {
  readonly label: string;
  readonly position?: Position;
  readonly stepPosition?: Position;
  /** What the step concerns, where that is not worker pools: `control plane 1.35.2`. */
  readonly subject?: string;
  /** Absent while no operation of ours runs: the stage is shown instead of the percentage. */
  readonly operation?: Pick<LastOperation, "progress" | "description">;
  readonly stage?: string;
  readonly pools?: readonly PoolNodes[];
  /** How many nodes a pool had when the rollout began. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Shown instead of the pools: an error, an interrupted watch. */
  readonly note?: string;
  /** Shown instead of the note: the node, the budget and the pod that a drain waits for. */
  readonly cause?: string;
}

/**
 * `[1/1] web: 42 % · pool-a 2/3 nodes on 1.34.3`. With several steps the only rollout of the run shows these:
 * `[2/4] web: control plane 1.35.2 · 61 %`; each of several rollouts shows both: `[1/3] web: 2/4 61 % · …`.
 */
export function progressLine(line: ProgressLine): string {
  const { position, stepPosition: step, operation, note, cause } = line;
  const isOnly = step !== undefined && position?.total === 1;
  const [outer, inner] = isOnly ? [step, undefined] : [position, step];
  const ofRollouts = outer === undefined ? "" : `[${outer.index}/${outer.total}] `;
  const ofSteps = inner === undefined ? "" : `${inner.index}/${inner.total} `;
  const subject = line.subject === undefined ? "" : `${line.subject} · `;
  const stage =
    ofSteps + subject + (operation === undefined ? (line.stage ?? "waiting") : `${operation.progress} %`);
  const room = Math.max(3, ESSENTIAL - ofRollouts.length - ": ".length - stage.length);
  const pools = poolsText(line.pools ?? [], line.sizes ?? new Map());
  const rest = note ?? (pools === "" ? (operation?.description ?? "") : pools);
  const head = `${ofRollouts}${shorten(line.label, room)}: ${stage}`;
  if (cause !== undefined) return `${head} · ${shorten(cause, LONGEST_CAUSE)}`;
  return rest === ""
    ? head
    : `${head} · ${note === undefined && pools !== "" ? pools : shorten(rest, LONGEST_NOTE)}`;
}

/** `[1/1] web: waiting · the garden is busy` */
export function waitingLine({ label, position, stepPosition }: RolloutRequest, note: string): string {
  return progressLine({ label, position, stepPosition, stage: "waiting", note });
}

/** `pool-a 2/3, pool-b 0/5 nodes on 1.34.3` */
function poolsText(poolNodes: readonly PoolNodes[], sizes: ReadonlyMap<string, number>): string {
  const byVersion = new Map<string, string[]>();
  for (const { target, updated, outdated } of poolNodes) {
    const version =
      target.kubernetes ?? (target.image && `${target.image.name} ${target.image.version}`) ?? "";
    const size = sizes.get(target.pool) ?? updated.length + outdated.length;
    const total = outdated.length === 0 ? updated.length : Math.max(updated.length, size);
    const complete = outdated.length > 0 && updated.length >= total;
    const leaving = complete ? ` (${count(outdated.length, "old one")} leaving)` : "";
    byVersion.set(version, [
      ...(byVersion.get(version) ?? []),
      `${target.pool} ${updated.length}/${total}${leaving}`,
    ]);
  }
  return [...byVersion].map(([version, pools]) => `${pools.join(", ")} nodes on ${version}`).join(" · ");
}
