/** How many nodes of a pool are replaced at a time, and how many more it needs meanwhile. */
import type { Step } from "../model/plan";
import type { Shoot, WorkerPool } from "../model/shoot";

/** Shares round as in Kubernetes: a surge up, unavailable ones down. */
export function atATime(pool: WorkerPool): number {
  return Math.max(1, surgeOf(pool) + resolve(pool.maxUnavailable, pool.maximum, Math.floor));
}

/** Nodes beyond those of a pool that a roll creates at a time. */
export function surgeOf({ maxSurge, maximum }: WorkerPool): number {
  return resolve(maxSurge, maximum, Math.ceil);
}

/** The step that needs most, as a sentence; Gardener spreads them over the zones of a pool. */
export function extraNodes(steps: readonly Step[], shoot: Shoot): string {
  const needs = steps.map((step) =>
    shoot.workers.flatMap((pool) => {
      const rolls = step.pools.some(({ name, replacesNodes }) => name === pool.name && replacesNodes);
      const extra = pool.updateStrategy === "AutoRollingUpdate" ? surgeOf(pool) : 0;
      return rolls && extra > 0 ? [{ pool, extra }] : [];
    }),
  );
  const sum = (need: (typeof needs)[number]) => need.reduce((total, { extra }) => total + extra, 0);
  const most = needs.reduce((a, b) => (sum(b) > sum(a) ? b : a), []);
  if (sum(most) === 0) return "";
  const each = most.map(({ pool, extra }) => `${pool.name} ${extra}${zonesOf(pool)}`).join(", ");
  return ` Up to ${sum(most)} more at a time: ${each}.`;
}

function zonesOf({ zones }: WorkerPool): string {
  return zones.length < 2 ? "" : ` in zones ${zones.join(", ")}`;
}

function resolve(value: number | string, of: number, round: (share: number) => number): number {
  if (typeof value === "number") return value;
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return 0;
  return value.endsWith("%") ? round((number / 100) * of) : number;
}
