/** Rollouts of nodes that others have requested, and that an upgrade completes or meets. */
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { replacements } from "./steps";

export function otherRollouts(steps: readonly Step[], shoot: Shoot): readonly Problem[] {
  const replaced = new Set(replacements(steps).keys());
  return [
    ...rotations(replaced, shoot),
    ...requested(replaced, shoot),
    ...forMaintenance(replaced, shoot),
  ].map((text): Problem => ({ code: "GU064", severity: "info", message: `${shootId(shoot.ref)}: ${text}` }));
}

/** Gardener docs/usage/shoot-operations/shoot_credentials_rotation.md: any rollout of a pool's nodes counts. */
function rotations(replaced: ReadonlySet<string>, shoot: Shoot): readonly string[] {
  return (shoot.pendingRotations ?? []).flatMap(({ credentials, pools }) => {
    const completed = pools.filter((name) => replaced.has(name));
    if (completed.length === 0) return [];
    return [
      `the rotation of the ${credentials} waits for new nodes in ${pools.join(", ")}; ` +
        `this upgrade replaces those of ${completed.join(", ")} and completes the rotation's rollout there.`,
    ];
  });
}

/** docs/usage/shoot-operations/worker_pool_manual_rollout.md: the annotation, then the status while it runs. */
function requested(replaced: ReadonlySet<string>, shoot: Shoot): readonly string[] {
  const pools = new Set([
    ...(shoot.requestedRollouts ?? []),
    ...poolsOf(shoot.annotations["gardener.cloud/operation"], shoot),
  ]);
  const both = [...pools].filter((name) => replaced.has(name));
  if (both.length === 0) return [];
  return [
    `rollout-workers is in progress for ${[...pools].join(", ")}; this upgrade replaces the nodes of ${both.join(", ")} as well, ` +
      "so that some of them may be replaced twice. Wait until it is complete to be sure.",
  ];
}

function forMaintenance(replaced: ReadonlySet<string>, shoot: Shoot): readonly string[] {
  const annotation = "maintenance.gardener.cloud/operation";
  const both = poolsOf(shoot.annotations[annotation], shoot).filter((name) => replaced.has(name));
  if (both.length === 0) return [];
  return [
    `a rollout of the nodes of ${both.join(", ")} is requested for the next maintenance window, beside that of this upgrade; ` +
      `remove it from the annotation ${annotation} if one is enough.`,
  ];
}

/** `rollout-workers=a,b`, `rotate-rollout-workers=*`; operations are joined with semicolons. */
function poolsOf(operations: string | undefined, { workers }: Shoot): readonly string[] {
  const names = (operations ?? "").split(";").flatMap((operation) => {
    const pools = /^(?:rotate-)?rollout-workers=(.+)$/.exec(operation.trim())?.[1];
    return pools === undefined ? [] : pools.split(",").map((name) => name.trim());
  });
  return workers.map(({ name }) => name).filter((name) => names.includes("*") || names.includes(name));
}
