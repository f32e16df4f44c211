/** How far a worker pool may be behind its control plane. */
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { minorsBetween } from "./versions";

/** Gardener pkg/api/core/validation/shoot.go, since v1.127.0. */
export const MOST_MINORS_BEHIND = 3;

/** The pools that a control plane of this version would leave too far behind. */
export function poolsTooFarBehind(shoot: Shoot, controlPlane: string): readonly WorkerPool[] {
  return shoot.workers.filter(
    (pool) =>
      pool.kubernetesVersion !== undefined &&
      minorsBetween(effectiveKubernetesVersion(shoot, pool), controlPlane) > MOST_MINORS_BEHIND,
  );
}
