/** How far a worker pool may be behind its control plane. */
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { isNewer, minorsBetween } from "./versions";

/** Gardener pkg/api/core/validation/shoot.go, since v1.127.0. */
export const MOST_MINORS_BEHIND = 3;
const BEFORE = { minors: 2, release: "1.127.0" };

/** How far pools are held back in this Shoot: with an unknown release of Gardener, no further than all releases accept. */
export function mostMinorsBehind({ gardenerVersion }: Shoot): number {
  const isKnown = gardenerVersion !== undefined && !isNewer(BEFORE.release, release(gardenerVersion));
  return isKnown ? MOST_MINORS_BEHIND : BEFORE.minors;
}

/** `1.127.0` of a build such as `v1.127.0-dev`: it has the rules already. */
function release(version: string): string {
  return version.replace(/[-+].*$/, "");
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
