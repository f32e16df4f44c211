/** Shoots, nodes and targets of the rollout tests. */
import type { ShootNode } from "../../../provider/garden/garden";
import { UNMANAGED, type WorkerVersions, type Target } from "../../../provider/model/plan";
import { ROLLOUT_ANNOTATION, type LastOperation, type Shoot } from "../../../provider/model/shoot";
import { aShoot } from "../builders";

export const REF = aShoot().ref;

export function operation(
  state: LastOperation["state"],
  progress: number,
  more: Partial<LastOperation> = {},
): LastOperation {
  return { type: "Reconcile", state, progress, description: "", ...more };
}

/** One pool of three nodes, at rest. */
export function aCluster(more: Partial<Shoot> = {}): Shoot {
  return aShoot({ uid: "uid-1", resourceVersion: "100", generation: 5, observedGeneration: 5, ...more });
}

/** The versions of every pool; absent: unmanaged. */
export function targetOf(
  kubernetes: string | undefined,
  image?: string,
  pools: readonly string[] = ["pool-a"],
): Target {
  const workers = pools.map((name): [string, WorkerVersions] => [
    name,
    {
      kubernetesVersion: kubernetes ?? UNMANAGED,
      machineImage: { name: "gardenlinux", version: image ?? UNMANAGED },
    },
  ]);
  return { kubernetesVersion: kubernetes ?? UNMANAGED, workers: Object.fromEntries(workers) };
}

export const PATCH = targetOf("1.33.9");
export const MINOR = targetOf("1.34.3");
export const IMAGE = targetOf(undefined, "1877.3.0");

export function aNode(name: string, more: Partial<ShootNode> = {}): ShootNode {
  return {
    name,
    pool: "pool-a",
    kubeletVersion: "1.33.4",
    osImage: "Garden Linux 1592.10",
    ready: true,
    created: new Date("2026-11-01T00:00:00Z"),
    ...more,
  };
}

export const OLD_NODES = ["n1", "n2", "n3"].map((name) => aNode(name));

/** pool-a was held back at 1.32.9. */
export const HELD_BACK = {
  [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { "pool-a": "1.32.9" }, target: "1.33.9" }),
};

export const HOLD = "pulumi-gardener.io/hold";
export const MINUTE = 60_000;

export const patched = (names = ["n1", "n2", "n3"]) =>
  names.map((name) => aNode(name, { kubeletVersion: "1.33.9" }));
export const upgraded = (names = ["m1", "m2", "m3"]) =>
  names.map((name) => aNode(name, { kubeletVersion: "1.34.3" }));
