/** Counts over the steps of a plan. */
import type { Step } from "../model/plan";
import type { WorkerPool } from "../model/shoot";

/** How often steps replace the nodes of a pool, of those whose nodes are replaced more than once. */
export function replacedOften(steps: readonly Step[]): ReadonlyMap<string, number> {
  return new Map([...replacements(steps)].filter(([, count]) => count > 1));
}

/** How often steps replace the nodes of a pool, or update them in place. */
export function replacements(steps: readonly Step[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { name, replacesNodes } of steps.flatMap(({ pools }) => pools)) {
    if (replacesNodes) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return times;
}

/** `3 nodes`, `1 node`, `3 to 5 nodes`: of pools together, each so many times. */
export function countNodes(
  pools: readonly Pick<WorkerPool, "minimum" | "maximum">[],
  times: (pool: number) => number = () => 1,
): string {
  const sum = (of: "minimum" | "maximum") =>
    pools.reduce((total, pool, index) => total + pool[of] * times(index), 0);
  const [least, most] = [sum("minimum"), sum("maximum")];
  if (least === most) return least === 1 ? "1 node" : `${least} nodes`;
  return `${least} to ${most} nodes`;
}
