/** The steps to a target: one minor of the control plane each, and the pools when it is their turn. */
import type { GardenCapabilities } from "../model/capabilities";
import { recordOf } from "../model/heldBack";
import { entryOf } from "../model/json";
import {
  UNMANAGED,
  type FromTo,
  type HeldBack,
  type PoolChange,
  type ResolvedTarget,
  type Route,
  type Step,
  type Target,
} from "../model/plan";
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { disorderOf, type Disorder } from "./disorder";
import { heldBackPools } from "./heldBack";
import { imageStep, release } from "./pending";
import {
  schedule,
  withMoves,
  type Line,
  type Move,
  type PoolRoute,
  type Reached,
  type Schedule,
} from "./schedule";
import { isNewer, minorsBetween, sameMinor } from "./versions";

export type Sequence =
  | {
      readonly kind: "steps";
      readonly steps: readonly Step[];
      /** Pools that roll before one of an earlier order. */
      readonly disorders: readonly Disorder[];
    }
  | Blocked;

/** Pools whose images and kubelets cannot be brought together on the way. */
export interface Blocked {
  readonly kind: "blocked";
  readonly pools: readonly PoolRoute[];
  readonly line: Line;
}

/** Planned again after any of its steps, it is the rest, unless images break the order of pools: later it may be kept. */
export function stepsTo(
  target: ResolvedTarget,
  shoot: Shoot,
  route: Route,
  capabilities: GardenCapabilities,
): Sequence {
  const { combinedWrites } = capabilities;
  const versions = [shoot.kubernetesVersion, ...remaining(target, shoot, route)];
  const line: Line = { ...route, versions, combinedWrites };
  const routes = shoot.workers.flatMap((pool): readonly PoolRoute[] => {
    const poolTarget = entryOf(target.workers, pool.name);
    return poolTarget === undefined ? [] : [routeOf(pool, target, shoot, route, capabilities)];
  });
  const scheduled = scheduleAll(routes, line, route);
  if (scheduled.kind === "blocked") return { ...scheduled, line };
  const { pools, disorders } = scheduled;
  const stages = versions.map((version, index): Stage => {
    const from = versions[index - 1];
    return { index, version, ...(from !== undefined && { kubernetes: controlPlane(from, version) }) };
  });
  const steps = stages.flatMap((stage) => (combinedWrites ? together(stage, pools) : oneByOne(stage, pools)));
  if (steps.length === 0) return { kind: "steps", steps: release(target, shoot), disorders };
  const recorded = combinedWrites ? withRecords(steps, target, shoot, pools) : steps;
  return { kind: "steps", steps: recorded, disorders };
}

interface Scheduled {
  readonly route: PoolRoute;
  readonly moves: Schedule;
  readonly order: number;
}

type AllScheduled =
  | {
      readonly kind: "scheduled";
      readonly pools: readonly Scheduled[];
      readonly disorders: readonly Disorder[];
    }
  | { readonly kind: "blocked"; readonly pools: readonly PoolRoute[] };

/** From the last order to the first: what rolls has rolled in the pools of an earlier order before, as far as their images allow. */
function scheduleAll(routes: readonly PoolRoute[], line: Line, { orders }: Route): AllScheduled {
  const orderOf = ({ pool }: PoolRoute) => entryOf(orders, pool.name) ?? 0;
  const found = new Map<PoolRoute, Scheduled>();
  const blocked: PoolRoute[] = [];
  const disorders: Disorder[] = [];
  let reached: readonly Reached[] = [];
  for (const order of [...new Set(routes.map(orderOf))].sort((a, b) => b - a)) {
    let together = reached;
    for (const route of routes.filter((one) => orderOf(one) === order)) {
      const inOrder = schedule(route, line, reached);
      const moves = inOrder ?? schedule(route, line);
      if (moves === undefined) {
        blocked.push(route);
        continue;
      }
      if (inOrder === undefined) {
        const later = [...found.values()].filter((one) => one.order > order);
        disorders.push(...disorderOf({ route, moves }, later, reached, line));
      }
      found.set(route, { route, moves, order });
      together = withMoves(together, moves);
    }
    reached = together;
  }
  if (blocked.length > 0) return { kind: "blocked", pools: blocked };
  return { kind: "scheduled", pools: routes.flatMap((route) => found.get(route) ?? []), disorders };
}

interface Stage {
  readonly index: number;
  readonly version: string;
  /** Absent: the control plane runs the version already. */
  readonly kubernetes?: Step["kubernetes"];
}

/** A version on the way is left out once the Shoot runs its minor. */
function remaining({ kubernetesVersion }: Target, shoot: Shoot, { versions }: Route): readonly string[] {
  if (kubernetesVersion === UNMANAGED) return [];
  const { kubernetesVersion: runs } = shoot;
  const onTheWay = versions.filter(
    (version) => minorsBetween(runs, version) > 0 && isNewer(kubernetesVersion, version),
  );
  return isNewer(kubernetesVersion, runs) ? [...onTheWay, kubernetesVersion] : [];
}

function routeOf(
  pool: WorkerPool,
  target: ResolvedTarget,
  shoot: Shoot,
  { workers }: Route,
  { poolKubernetesVersions, combinedWrites }: GardenCapabilities,
): PoolRoute {
  const isPinned = pool.kubernetesVersion !== undefined && !heldBackPools(shoot).has(pool.name);
  const canHoldBack = poolKubernetesVersions && combinedWrites && workers === "holdBack";
  const follows = !canHoldBack || pool.updateStrategy !== "AutoRollingUpdate";
  const image = imageStep(pool, target);
  return {
    pool,
    kubelet: effectiveKubernetesVersion(shoot, pool),
    kubernetes:
      isPinned || target.kubernetesVersion === UNMANAGED ? "stays" : follows ? "follows" : "holdsBack",
    ...(image && { image }),
  };
}

function controlPlane(from: string, to: string): FromTo & { readonly minor: boolean } {
  return { from, to, minor: !sameMinor(from, to) };
}

/** The control plane with the pools of the first order, then those of each other order. */
function together({ index, kubernetes }: Stage, pools: readonly Scheduled[]): readonly Step[] {
  const changes = pools.flatMap(({ route, moves, order }) => {
    const move = moves[index];
    return move === undefined ? [] : [{ order, change: changeOf(route, move) }];
  });
  const orders = [
    ...new Set(changes.filter(({ change }) => change.replacesNodes).map(({ order }) => order)),
  ].sort((a, b) => a - b);
  const [first = 0, ...others] = orders;
  const groups = [first, ...others].map((order, position) =>
    // Where no node is replaced there is nothing to wait for.
    changes
      .filter((one) => (one.change.replacesNodes ? one.order === order : position === 0))
      .map(({ change }) => change),
  );
  return groups.flatMap((group, position): readonly Step[] => {
    const moves = position === 0 ? kubernetes : undefined;
    if (moves === undefined && group.length === 0) return [];
    return [{ ...(moves && { kubernetes: moves }), pools: group }];
  });
}

/** Kubernetes alone, or the image of one pool. */
function oneByOne({ index, kubernetes }: Stage, pools: readonly Scheduled[]): readonly Step[] {
  const moving = pools.flatMap(({ route, moves, order }) => {
    const move = moves[index];
    return move === undefined ? [] : [{ route, move, order }];
  });
  const kubelets = moving.flatMap(({ route, move: { kubernetes: own } }) =>
    own === undefined ? [] : [changeOf(route, { kubernetes: own })],
  );
  const images = [...moving]
    .sort((a, b) => a.order - b.order)
    .flatMap(({ route, move: { image } }) =>
      image === undefined ? [] : [{ pools: [changeOf(route, { image })] }],
    );
  return [...(kubernetes === undefined ? [] : [{ kubernetes, pools: kubelets }]), ...images];
}

function changeOf({ pool: { name, machineImage } }: PoolRoute, { kubernetes, image }: Move): PoolChange {
  return {
    name,
    ...(kubernetes && { kubernetes }),
    ...(image && { machineImage: { name: machineImage.name, ...image } }),
    // Gardener docs/usage/shoot-operations/shoot_updates.md: kubelets take a patch in place.
    replacesNodes:
      image !== undefined || (kubernetes !== undefined && !sameMinor(kubernetes.from, kubernetes.to)),
  };
}

/** Which pools are behind the control plane after each step, where that differs from what is recorded. */
function withRecords(
  steps: readonly Step[],
  target: Target,
  shoot: Shoot,
  pools: readonly Scheduled[],
): readonly Step[] {
  const kubelets = new Map(
    pools.flatMap(({ route: { pool, kubelet, kubernetes } }): readonly [string, string][] =>
      kubernetes === "stays" ? [] : [[pool.name, kubelet]],
    ),
  );
  const stays = [...heldBackPools(shoot)].filter(([name]) => !kubelets.has(name));
  let version = shoot.kubernetesVersion;
  let recorded = recordOf(shoot);
  return steps.map((step) => {
    version = step.kubernetes?.to ?? version;
    for (const { name, kubernetes } of step.pools) if (kubernetes) kubelets.set(name, kubernetes.to);
    const behind = [...kubelets].filter(([, kubelet]) => kubelet !== version);
    const heldBack: HeldBack = {
      pools: Object.fromEntries([...stays, ...behind]),
      target: target.kubernetesVersion,
    };
    if (sameRecord(recorded, heldBack)) return step;
    recorded = heldBack;
    return { ...step, heldBack };
  });
}

function sameRecord(a: HeldBack | undefined, b: HeldBack): boolean {
  const [before, after] = [Object.entries(a?.pools ?? {}), Object.entries(b.pools)];
  return (
    before.length === after.length &&
    after.every(([name, version]) => entryOf(a?.pools ?? {}, name) === version) &&
    (after.length === 0 || a?.target === b.target)
  );
}
