/** Worker pools that roll before one of an earlier order, since its images do not allow it to roll first. */
import type { GardenCapabilities } from "../model/capabilities";
import { entryOf } from "../model/json";
import type { Route, Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { list } from "../model/text";
import { obstacle } from "./obstacle";
import {
  isLate,
  stateNow,
  withMoves,
  type Line,
  type PoolRoute,
  type Reached,
  type Schedule,
  type State,
} from "./schedule";

export interface Disorder {
  /** The pool of an earlier order. */
  readonly pool: string;
  /** Those of a later order that roll before it. */
  readonly ahead: readonly string[];
  /** The version of the control plane at which they do first. */
  readonly controlPlane: string;
  readonly why: string;
}

interface Ordered {
  readonly route: PoolRoute;
  readonly moves: Schedule;
}

/**
 * Of a pool that could not be scheduled before those of a later order.
 * @param reached by those pools.
 */
export function disorderOf(
  { route, moves }: Ordered,
  later: readonly Ordered[],
  reached: readonly Reached[],
  line: Line,
): readonly Disorder[] {
  const states = statesOf(route, moves);
  const rolls = later.map((one) => ({ name: one.route.pool.name, reached: withMoves([], one.moves) }));
  for (const [stage, controlPlane] of line.versions.entries()) {
    const state = states[stage];
    const ahead = rolls.filter((one) => state !== undefined && isLate(route, state, one.reached[stage]));
    if (ahead.length === 0) continue;
    const names = ahead.map(({ name }) => name);
    return [{ pool: route.pool.name, ahead: names, controlPlane, why: obstacle(route, line, reached) }];
  }
  return [];
}

function statesOf(route: PoolRoute, moves: Schedule): readonly State[] {
  let state = stateNow(route);
  return moves.map((move) => {
    state = {
      kubelet: move?.kubernetes?.to ?? state.kubelet,
      hasImage: state.hasImage || move?.image !== undefined,
    };
    return state;
  });
}

/** What the program asks otherwise is a warning, also where it cannot be. */
export function outOfOrder(
  disorders: readonly Disorder[],
  steps: readonly Step[],
  shoot: Shoot,
  route: Route,
  capabilities: GardenCapabilities,
): readonly Problem[] {
  const found = disorders.map(({ pool, ahead, controlPlane, why }) => {
    const [pools, roll] = ahead.length === 1 ? ["pool", "rolls"] : ["pools", "roll"];
    const text =
      `worker ${pools} ${list(ahead)} ${roll} before ${pool} at Kubernetes ${controlPlane}, against their order: for ${pool} to be first, ${why}. ` +
      `Declare a machineImage version for ${pool} that serves them, or accept it.`;
    return { property: `workers["${pool}"].order`, text };
  });
  return [...found, ...allTogether(steps, route, capabilities)].map(({ property, text }): Problem => ({
    code: "GU079",
    severity: "warning",
    property,
    message: `${shootId(shoot.ref)}: ${text}`,
  }));
}

/** Where pools have no Kubernetes version of their own, Gardener rolls all of them at once. */
function allTogether(
  steps: readonly Step[],
  { orders }: Route,
  { poolKubernetesVersions }: GardenCapabilities,
): readonly { readonly property: string; readonly text: string }[] {
  const minors = steps.flatMap(({ kubernetes, pools }) => {
    const rolling = pools.filter(({ kubernetes: own, replacesNodes }) => own !== undefined && replacesNodes);
    const numbers = new Set(rolling.map(({ name }) => entryOf(orders, name) ?? 0));
    return kubernetes !== undefined && numbers.size > 1 ? [kubernetes.to] : [];
  });
  if (poolKubernetesVersions || minors.length === 0) return [];
  const text =
    `this garden rolls all worker pools together at Kubernetes ${list(minors)}; the order of the pools is kept for ` +
    "machine images only. Upgrade a Shoot that may fail first, or accept it.";
  return [{ property: "workers", text }];
}
