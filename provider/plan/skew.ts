/** How far a worker pool may be behind its control plane. */
import type { Step } from "../model/plan";
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { heldBackPools } from "./heldBack";
import { isSince } from "./release";
import { minorsBetween } from "./versions";

/** The last that applies; a release that is not known has the first (Gardener pkg/api/core/validation/shoot.go). */
const minorsBehind: readonly { readonly since: string; readonly minors: number }[] = [
  { since: "0.0.0", minors: 2 },
  { since: "1.127.0", minors: 3 },
];

/** Of all releases of Gardener. */
export const MOST_MINORS_BEHIND = Math.max(...minorsBehind.map(({ minors }) => minors));

/** How far pools are held back in this Shoot: with an unknown release of Gardener, no further than all releases accept. */
export function mostMinorsBehind(shoot: Shoot): number {
  const applying = minorsBehind.filter(({ since }, index) => index === 0 || isSince(shoot, since) === true);
  return applying.at(-1)?.minors ?? 0;
}

/** How far they may be behind: where the release is not known, as far as any accepts, and the garden decides. */
export function mostMinorsAccepted(shoot: Shoot): number {
  return shoot.gardenerVersion === undefined ? MOST_MINORS_BEHIND : mostMinorsBehind(shoot);
}

/** The pools that a control plane of this version would leave too far behind. */
export function poolsTooFarBehind(
  shoot: Shoot,
  controlPlane: string,
  most = MOST_MINORS_BEHIND,
): readonly WorkerPool[] {
  return shoot.workers.filter(
    (pool) =>
      pool.kubernetesVersion !== undefined &&
      minorsBetween(effectiveKubernetesVersion(shoot, pool), controlPlane) > most,
  );
}

export interface PinsTooFar {
  readonly pools: readonly (WorkerPool & { readonly kubernetesVersion: string })[];
  readonly most: number;
}

/**
 * The pools that a user has pinned, and that a control plane of this version would leave too far behind.
 */
export function pinsTooFarBehind(shoot: Shoot, controlPlane: string): PinsTooFar {
  const most = mostMinorsAccepted(shoot);
  const heldBack = heldBackPools(shoot);
  const pools = poolsTooFarBehind(shoot, controlPlane, most).flatMap((pool) =>
    pool.kubernetesVersion === undefined || heldBack.has(pool.name)
      ? []
      : [{ ...pool, kubernetesVersion: pool.kubernetesVersion }],
  );
  return { pools, most };
}

/**
 * Those whose kubelets a control plane of this version would leave too far behind. One that has just registered has not
 * reported its version yet.
 */
export function tooFarBehind<Node extends { readonly kubeletVersion: string }>(
  nodes: readonly Node[],
  controlPlane: string,
  most: number,
): readonly Node[] {
  return nodes.filter(
    ({ kubeletVersion }) => kubeletVersion !== "" && minorsBetween(kubeletVersion, controlPlane) > most,
  );
}

/** Only over several minors may worker pools have been held back. */
export function crossesSeveralMinors(steps: readonly Step[]): boolean {
  return steps.filter(({ kubernetes }) => kubernetes?.minor === true).length > 1;
}

interface RunningNode {
  readonly kubeletVersion: string;
  /** The worker pool. */
  readonly pool: string | undefined;
}

/** The first step that kubelets which run now would not allow; a pool that rolls in a step before has new ones. */
export function stepTooFar<Node extends RunningNode>(
  nodes: readonly Node[],
  steps: readonly Step[],
  most: number,
): { readonly controlPlane: string; readonly nodes: readonly Node[] } | undefined {
  let left = nodes;
  for (const { kubernetes, pools } of steps) {
    const behind = kubernetes?.minor === true ? tooFarBehind(left, kubernetes.to, most) : [];
    if (kubernetes !== undefined && behind.length > 0) return { controlPlane: kubernetes.to, nodes: behind };
    const renewed = pools.flatMap(({ name, kubernetes: own }) => (own === undefined ? [] : [name]));
    left = left.filter(({ pool }) => pool === undefined || !renewed.includes(pool));
  }
  return undefined;
}
