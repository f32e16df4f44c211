/** The result in one line: `web: Kubernetes 1.34.3, pool-a on gardenlinux 1877.3.0, 3 nodes verified, in 12m 3s`. */
import { isManaged } from "../model/plan";
import { entryOf } from "../model/json";
import type { Step, Target } from "../model/plan";
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { spell } from "../model/duration";
import { count, list } from "../model/text";
import type { AwaitResult } from "./awaitRollout";
import { shorten } from "./text";

export function summary(
  label: string,
  result: AwaitResult,
  target: Target,
  step: Step | undefined,
  ms: number,
): string {
  const parts = [...versions(result.shoot, target, step), ...nodes(result), `in ${spell(ms)}`];
  return `${label}: ${parts.join(", ")}`;
}

/** What has changed, as it is now, which may be newer than the target. */
function versions(shoot: Shoot, target: Target, step: Step | undefined): readonly string[] {
  const controlPlane =
    step === undefined ? isManaged(target.kubernetesVersion) : step.kubernetes !== undefined;
  const changed = (pool: WorkerPool): { readonly image: boolean; readonly kubelet: boolean } => {
    if (step === undefined) {
      const versions = entryOf(target.workers, pool.name);
      return { image: versions !== undefined && isManaged(versions.machineImage.version), kubelet: false };
    }
    const change = step.pools.find(({ name }) => name === pool.name);
    return {
      image: change?.machineImage !== undefined,
      // With the control plane they are the same.
      kubelet: change?.kubernetes !== undefined && step.kubernetes === undefined,
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

function nodes({ nodes: result, verified, reason }: AwaitResult): readonly string[] {
  switch (result) {
    case "verified":
      return [`${count(verified, "node")} verified`];
    case "notVisible":
      return [`nodes not visible from here${reason === undefined ? "" : ` (${shorten(reason, 120)})`}`];
    case "none":
      return [];
  }
}
