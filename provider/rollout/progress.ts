/** The line that a person sees while a rollout runs. */
import type { LastOperation } from "../model/shoot";
import { count, shorten } from "./text";
import type { PoolNodes } from "./nodes";
import type { Position } from "./types";

/** The engine's display may show no more of a line than this. */
const ESSENTIAL = 20;
const LONGEST_NOTE = 100;

export interface ProgressLine {
  readonly label: string;
  readonly position?: Position;
  readonly stepPosition?: Position;
  /** Absent while nothing of ours runs: the word stands in the percentage's place. */
  readonly operation?: Pick<LastOperation, "progress" | "description">;
  readonly stage?: string;
  readonly pools?: readonly PoolNodes[];
  /** How many nodes a pool had when the rollout began. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Said instead of the pools: an error, a line that is down. */
  readonly note?: string;
}

/** `[1/1] web: 42 % · pool-a 2/3 nodes on 1.34.3`; of several steps `[1/1] web: 2/3 42 % · …` */
export function progressLine(sight: ProgressLine): string {
  const { position, stepPosition: step, operation, note } = sight;
  const place = position === undefined ? "" : `[${position.index}/${position.total}] `;
  const among = step === undefined ? "" : `${step.index}/${step.total} `;
  const stage = among + (operation === undefined ? (sight.stage ?? "waiting") : `${operation.progress} %`);
  const room = Math.max(3, ESSENTIAL - place.length - ": ".length - stage.length);
  const pools = poolsText(sight.pools ?? [], sight.sizes ?? new Map());
  const rest = note ?? (pools === "" ? (operation?.description ?? "") : pools);
  const head = `${place}${shorten(sight.label, room)}: ${stage}`;
  return rest === ""
    ? head
    : `${head} · ${note === undefined && pools !== "" ? pools : shorten(rest, LONGEST_NOTE)}`;
}

/** `pool-a 2/3, pool-b 0/5 nodes on 1.34.3` */
function poolsText(looks: readonly PoolNodes[], sizes: ReadonlyMap<string, number>): string {
  const byVersion = new Map<string, string[]>();
  for (const { target, updated: fresh, outdated: old } of looks) {
    const version =
      target.kubernetes ?? (target.image && `${target.image.name} ${target.image.version}`) ?? "";
    const total =
      old.length === 0
        ? fresh.length
        : Math.max(fresh.length, sizes.get(target.pool) ?? fresh.length + old.length);
    const leaving =
      old.length > 0 && fresh.length >= total ? ` (${count(old.length, "old one")} leaving)` : "";
    byVersion.set(version, [
      ...(byVersion.get(version) ?? []),
      `${target.pool} ${fresh.length}/${total}${leaving}`,
    ]);
  }
  return [...byVersion].map(([version, pools]) => `${pools.join(", ")} nodes on ${version}`).join(" · ");
}
