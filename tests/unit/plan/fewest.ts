/** The fewest replacements of a pool's nodes that any order of valid writes needs, by trying all of them. */
import type { Route } from "../../../provider/model/plan";
import type { WorkerPool } from "../../../provider/model/shoot";
import { kubeletConstraint } from "../../../provider/plan/suitability";
import { minorsBetween, sameMinor } from "../../../provider/plan/versions";

export interface Question {
  readonly pool: WorkerPool;
  readonly kubelet: string;
  /** Of the control plane, the running one first. */
  readonly versions: readonly string[];
  /** The image that the pool is to have; undefined: it keeps its own. */
  readonly image: string | undefined;
  readonly route: Route;
}

interface State {
  readonly controlPlane: number;
  readonly kubelet: string;
  readonly image: string;
}

/** Infinite where there is no way. */
export function fewestReplacements({ pool, kubelet, versions, image, route }: Question): number {
  const known = new Map<string, number>();
  const last = versions.length - 1;

  function serves(state: State): boolean {
    const entry = route.profile.machineImages
      .flatMap((one) => one.versions)
      .find(({ version }) => version === state.image);
    return entry === undefined || kubeletConstraint(entry, state.kubelet) === undefined;
  }

  function writes(state: State): readonly State[] {
    const controlPlanes = [
      state.controlPlane,
      ...(state.controlPlane < last ? [state.controlPlane + 1] : []),
    ];
    return controlPlanes.flatMap((controlPlane) => {
      const runs = versions[controlPlane] ?? "";
      if (controlPlane > state.controlPlane && minorsBetween(state.kubelet, runs) > route.mostMinorsBehind)
        return [];
      const kubelets = [state.kubelet, ...versions.slice(0, controlPlane + 1)].filter(
        (version) =>
          version === state.kubelet || minorsBetween(state.kubelet, version) > 0 || version === runs,
      );
      const images = image === undefined ? [state.image] : [state.image, image];
      return kubelets.flatMap((next) => images.map((one) => ({ controlPlane, kubelet: next, image: one })));
    });
  }

  function least(state: State): number {
    const key = JSON.stringify(state);
    const before = known.get(key);
    if (before !== undefined) return before;
    const isDone =
      state.controlPlane === last &&
      state.kubelet === versions[last] &&
      state.image === (image ?? state.image);
    // What is being evaluated is no way to itself.
    known.set(key, isDone ? 0 : Infinity);
    const results = isDone
      ? [0]
      : writes(state)
          .filter((next) => JSON.stringify(next) !== key && serves(next))
          .map((next) => {
            const replaces = !sameMinor(next.kubelet, state.kubelet) || next.image !== state.image;
            return least(next) + (replaces ? 1 : 0);
          });
    const found = Math.min(Infinity, ...results);
    known.set(key, found);
    return found;
  }

  return least({ controlPlane: 0, kubelet, image: pool.machineImage.version });
}
