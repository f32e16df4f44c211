/** Which image does not serve which kubelets, where a worker pool has no way to its versions. */
import { alternatives, list } from "../model/text";
import {
  isAllowed,
  isInSkew,
  isLate,
  options,
  stateNow,
  unserved,
  type Line,
  type PoolRoute,
  type Reached,
  type State,
} from "./schedule";

/**
 * As the end of a sentence: `at Kubernetes 1.34.3 its kubelets have to run 1.34.3, but …`.
 * @param after what the pool has to have by then, by the index of the control plane's version.
 */
export function obstacle(route: PoolRoute, line: Line, after: readonly Reached[] = []): string {
  const { image, pool } = route;
  const found = firstObstacle(route, line, after);
  if (found === undefined) return "there is no order of the steps";
  const { controlPlane, kubelets, before } = found;
  const reason = (version: string, hasImage: boolean, runs: readonly string[]) =>
    runs
      .flatMap((kubelet) => unserved(route, line, { kubelet, hasImage }) ?? [])
      .slice(0, 1)
      .map((text) => `${version} ${text}`);
  const declared = image === undefined ? [] : reason(image.to, true, kubelets);
  // It serves the new kubelets, and would have to serve those of before.
  const earlier = image === undefined || declared.length > 0 ? [] : reason(image.to, true, before);
  const reasons = [...reason(pool.machineImage.version, false, kubelets), ...declared, ...earlier];
  const oneByOne =
    earlier.length === 0 ? "" : ", and this garden takes images and Kubernetes one after the other";
  return `at Kubernetes ${controlPlane} its kubelets have to run ${alternatives(kubelets)}, but ${list(reasons)}${oneByOne}`;
}

/** The first version of the control plane at which the pool can be in no state that the garden accepts. */
interface Obstacle {
  readonly controlPlane: string;
  /** What the kubelets may run then. */
  readonly kubelets: readonly string[];
  /** What they may run before. */
  readonly before: readonly string[];
}

function firstObstacle(route: PoolRoute, line: Line, after: readonly Reached[]): Obstacle | undefined {
  let states: readonly State[] = [stateNow(route)];
  for (const [stage, controlPlane] of line.versions.entries()) {
    const moves = states.flatMap((state) =>
      options(route, line, stage, state).map((next) => ({ state, next })),
    );
    const inTime = moves.filter(({ next }) => !isLate(route, next, after[stage]));
    const allowed = inTime.filter(({ state, next }) => isAllowed(route, line, stage, state, next));
    if (allowed.length === 0) {
      const inSkew = inTime.filter(({ next }) => isInSkew(route, line, stage, next));
      return {
        controlPlane,
        kubelets: [...new Set(inSkew.map(({ next }) => next.kubelet))],
        before: states.map(({ kubelet }) => kubelet),
      };
    }
    const distinct = allowed.map(({ next }): [string, State] => [`${next.kubelet} ${next.hasImage}`, next]);
    states = [...new Map(distinct).values()];
  }
  return undefined;
}
