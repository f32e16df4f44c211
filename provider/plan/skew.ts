/** How far a worker pool may be behind its control plane. */
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { isNewer, minorsBetween, parseVersion } from "./versions";

/** Gardener pkg/api/core/validation/shoot.go, since v1.127.0. */
export const MOST_MINORS_BEHIND = 3;
const BEFORE = { minors: 2, release: "1.127.0" };

/** How far pools are held back in this Shoot: with an unknown release of Gardener, no further than all releases accept. */
export function mostMinorsBehind({ gardenerVersion }: Shoot): number {
  const known = release(gardenerVersion ?? "");
  const isBefore = parseVersion(known) === undefined || isNewer(BEFORE.release, known);
  return isBefore ? BEFORE.minors : MOST_MINORS_BEHIND;
}

/** How far they may be behind: where the release is not known, as far as any accepts, and the garden decides. */
export function mostMinorsAccepted(shoot: Shoot): number {
  return shoot.gardenerVersion === undefined ? MOST_MINORS_BEHIND : mostMinorsBehind(shoot);
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

/** Those whose kubelets a control plane of this version would leave too far behind. */
export function tooFarBehind<Node extends { readonly kubeletVersion: string }>(
  nodes: readonly Node[],
  controlPlane: string,
  most: number,
): readonly Node[] {
  return nodes.filter(({ kubeletVersion }) => minorsBetween(kubeletVersion, controlPlane) > most);
}
