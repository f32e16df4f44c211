/** What is pending, cut into the writes that a garden takes. */
import type { GardenCapabilities } from "../model/capabilities";
import type { Step, PoolChange } from "../model/plan";
import type { WorkerPool } from "../model/shoot";
import { sameMinor } from "./versions";

/**
 * One step for all where one write can carry it. Otherwise a step for the image of each pool, then
 * one for Kubernetes: an image for today serves yesterday's kubelets sooner than the other way round.
 * A minor then replaces the nodes once more.
 */
export function splitForGarden(
  steps: readonly Step[],
  { combinedWrites }: GardenCapabilities,
): readonly Step[] {
  return combinedWrites ? steps : steps.flatMap((step) => [...imageSteps(step), ...kubernetesStep(step)]);
}

function imageSteps({ pools }: Step): readonly Step[] {
  return pools.flatMap(({ name, machineImage }) =>
    machineImage === undefined ? [] : [{ pools: [{ name, machineImage, replacesNodes: true }] }],
  );
}

function kubernetesStep({ kubernetes, pools }: Step): readonly Step[] {
  if (kubernetes === undefined) return [];
  const kubelets = pools.flatMap(({ name, kubernetes: own }): readonly PoolChange[] =>
    own === undefined ? [] : [{ name, kubernetes: own, replacesNodes: !sameMinor(own.from, own.to) }],
  );
  return [{ kubernetes, pools: kubelets }];
}

/** Pools whose nodes more than one step replaces, with how often. */
export function replacedOften(steps: readonly Step[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { name, replacesNodes } of steps.flatMap(({ pools }) => pools)) {
    if (replacesNodes) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return new Map([...times].filter(([, count]) => count > 1));
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
