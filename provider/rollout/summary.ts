/** The result in one line: `web: Kubernetes 1.34.3, pool-a on gardenlinux 1877.3.0, 3 nodes verified, in 12m 3s`. */
import { entryOf } from "../model/json";
import type { Hop, Target } from "../model/plan";
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import type { Arrival } from "./follow";
import { isManaged } from "./done";
import { count, list, shorten, spell } from "./text";

export function summary(
  label: string,
  arrival: Arrival,
  target: Target,
  hop: Hop | undefined,
  ms: number,
): string {
  const parts = [...versions(arrival.shoot, target, hop), ...nodes(arrival), `in ${spell(ms)}`];
  return `${label}: ${parts.join(", ")}`;
}

/** What has changed, as it is live now, which may be further than asked for. */
function versions(shoot: Shoot, target: Target, hop: Hop | undefined): readonly string[] {
  const controlPlane = hop === undefined ? isManaged(target.kubernetesVersion) : hop.kubernetes !== undefined;
  const changed = (pool: WorkerPool): { readonly image: boolean; readonly kubelet: boolean } => {
    if (hop === undefined) {
      const wanted = entryOf(target.workers, pool.name);
      return { image: wanted !== undefined && isManaged(wanted.machineImage.version), kubelet: false };
    }
    const change = hop.pools.find(({ name }) => name === pool.name);
    return {
      image: change?.machineImage !== undefined,
      kubelet: change?.kubernetes !== undefined && pool.kubernetesVersion !== undefined,
    };
  };
  const byVersion = new Map<string, string[]>();
  for (const pool of shoot.workers) {
    const { image, kubelet } = changed(pool);
    const runs = [
      ...(kubelet ? [`Kubernetes ${effectiveKubernetesVersion(shoot, pool)}`] : []),
      ...(image ? [`${pool.machineImage.name} ${pool.machineImage.version}`] : []),
    ].join(" and ");
    if (runs !== "") byVersion.set(runs, [...(byVersion.get(runs) ?? []), pool.name]);
  }
  return [
    ...(controlPlane ? [`Kubernetes ${shoot.kubernetesVersion}`] : []),
    ...[...byVersion].map(([runs, pools]) => `${list(pools)} on ${runs}`),
  ];
}

function nodes({ nodes: verdict, verified, reason }: Arrival): readonly string[] {
  switch (verdict) {
    case "verified":
      return [`${count(verified, "node")} verified`];
    case "notVisible":
      return [`nodes not visible from here${reason === undefined ? "" : ` (${shorten(reason, 120)})`}`];
    case "none":
      return [];
  }
}
