/** What an upgrade over several minors costs in nodes, and what it would cost change by change. */
import { isManaged, type ResolvedTarget, type Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import { heldBackPools } from "./heldBack";
import { imageStep } from "./pending";
import { countNodes, replacements } from "./steps";
import { extraNodes } from "./surge";
import { minorsBetween } from "./versions";

export function cost(steps: readonly Step[], target: ResolvedTarget, shoot: Shoot): readonly Problem[] {
  const times = replacements(steps);
  const rolling = shoot.workers.filter((pool) => pool.updateStrategy === "AutoRollingUpdate");
  const replaced = rolling.filter(({ name }) => times.has(name));
  if (replaced.length === 0) return [];
  const often = (pool: WorkerPool) => times.get(pool.name) ?? 0;
  const alone = (pool: WorkerPool) => changesOf(pool, target, shoot);
  const each = replaced.map((pool) => `${pool.name} ${spellTimes(often(pool))}`).join(", ");
  const held = new Set(steps.flatMap(({ heldBack }) => Object.keys(heldBack?.pools ?? {})));
  const names = replaced.filter(({ name }) => held.has(name)).map(({ name }) => name);
  const how = names.length === 0 ? "" : ` ${names.join(", ")} held back while the control plane goes ahead;`;
  const [now, separately] = [total(replaced, often), total(replaced, alone)];
  const message =
    `${shootId(shoot.ref)}:${how} nodes are replaced ${each}: ${now} in all.` +
    `${now === separately ? "" : ` Each minor and each image on its own: ${separately}.`}${extraNodes(steps, shoot)}`;
  return [{ code: held.size > 0 ? "GU066" : "GU062", severity: "info", message }];
}

function total(pools: readonly WorkerPool[], times: (pool: WorkerPool) => number): string {
  return countNodes(pools, (index) => {
    const pool = pools[index];
    return pool === undefined ? 0 : times(pool);
  });
}

/** The replacements of a pool's nodes, were each minor and its image upgraded by itself. */
function changesOf(pool: WorkerPool, target: ResolvedTarget, shoot: Shoot): number {
  const isPinned = pool.kubernetesVersion !== undefined && !heldBackPools(shoot).has(pool.name);
  const { kubernetesVersion } = target;
  const minors =
    isPinned || !isManaged(kubernetesVersion)
      ? 0
      : minorsBetween(effectiveKubernetesVersion(shoot, pool), kubernetesVersion);
  return minors + (imageStep(pool, target) === undefined ? 0 : 1);
}

function spellTimes(times: number): string {
  return times === 1 ? "once" : times === 2 ? "twice" : `${times} times`;
}
