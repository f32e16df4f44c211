/**
 * Whether the nodes run what the Shoot's spec asks for, where nobody has seen it yet.
 *
 * What state records is verified: a rollout that fails leaves state as it was. While the live spec has
 * the versions of the state, nothing is read. Where it has others (an adoption, an upgrade by somebody
 * else, a run after one that failed or was killed), Gardener's success alone is no proof: it may be the
 * one from before the write, and nodes may have been left behind. The nodes are the witness: "up to
 * date" is not said while one that is visible runs an older version. On a garden without generations
 * the success of an unknown write is not believed either where the nodes cannot be seen: such a rollout
 * is awaited, which takes a success that lasts.
 */
import { isObservedAtLatestGenerationAndSucceeded, isHibernated } from "../model/operation";
import type { Garden } from "../garden/garden";
import type { Target } from "../model/plan";
import { UserError } from "../model/problem";
import type { RolloutState } from "../model/enums";
import type { Shoot } from "../model/shoot";
import { areUpdated, nodeTargetsOf, compareNodes } from "../rollout";
import { pending, changedFields, specVersions } from "../plan";
import { awaitsWindow, isOurs, mayBeOurs } from "./status";
import type { State } from "./state";

export type NodeVersions =
  /** All nodes run the versions of the spec, or nobody doubts it. */
  | "current"
  /** A node runs an older version. */
  | "old"
  /** The nodes cannot be seen. */
  | "unknown";

/** @param recorded the versions that were verified last, and the state that was recorded with them. */
export async function verifyNodes(
  garden: Garden,
  shoot: Shoot,
  recorded: Target & { readonly state?: string },
): Promise<NodeVersions> {
  const doubtful = recorded.state === "inProgress" || changedFields(recorded, specVersions(shoot)).length > 0;
  return isObservedAtLatestGenerationAndSucceeded(shoot) && doubtful
    ? inspectNodes(garden, shoot, recorded)
    : "current";
}

/** @param before the versions that nodes may have been left at; absent: not known. */
export async function inspectNodes(
  garden: Garden,
  shoot: Shoot,
  before: Target | undefined,
): Promise<NodeVersions> {
  if (isHibernated(shoot)) return "unknown";
  try {
    const cluster = await garden.openCluster(shoot);
    if (cluster === undefined) return "unknown";
    // A node that has just registered has not told its version yet.
    const nodes = (await cluster.nodes()).filter(({ kubeletVersion }) => kubeletVersion !== "");
    const pools = compareNodes(nodeTargetsOf(specVersions(shoot), shoot, before), nodes);
    if (pools.some(({ outdated: old }) => old.length > 0)) return "old";
    return areUpdated(pools) ? "current" : "unknown";
  } catch (error) {
    if (error instanceof UserError) return "unknown";
    throw error;
  }
}

/** Whether the rollout to the live spec has still to be awaited; one of somebody else is theirs to await. */
export function mustBeAwaited(nodes: NodeVersions, garden: Garden, shoot: Shoot, before: Target): boolean {
  return (
    isUnproven(nodes, garden, shoot) &&
    changedFields(before, specVersions(shoot)).some((field) => isOurs(shoot, field))
  );
}

/** The same where it is not known what ran before. */
export function mayBeUnfinished(nodes: NodeVersions, garden: Garden, shoot: Shoot): boolean {
  return isUnproven(nodes, garden, shoot) && mayBeOurs(shoot);
}

/** Gardener's success is no proof that the nodes run the spec, and waiting can give one. */
function isUnproven(nodes: NodeVersions, { capabilities }: Garden, { maintenance }: Shoot): boolean {
  // Nothing happens before the maintenance window.
  if (nodes === "current" || maintenance.confineSpecUpdateRollout) return false;
  return nodes === "old" || !capabilities.optimisticLocking;
}

/** The state of a Shoot whose nodes run older versions than its spec. */
export function stateOfOutdatedNodes({ maintenance }: Shoot): RolloutState {
  return maintenance.confineSpecUpdateRollout ? "pending" : "inProgress";
}

/** Gardener is at work on versions that nobody has verified yet, whoever wrote them. */
export function isRollingOut(recorded: Target & { readonly state?: string }, shoot: Shoot): boolean {
  if (isObservedAtLatestGenerationAndSucceeded(shoot)) return false;
  return recorded.state === "inProgress" || changedFields(recorded, specVersions(shoot)).length > 0;
}

/** What runs and how far it is, where nothing is to be written: never ahead of what has been seen reached. */
export async function rolloutStatus(
  garden: Garden,
  olds: State,
  shoot: Shoot,
): Promise<{ readonly ran: Target; readonly state: RolloutState }> {
  if (awaitsWindow(shoot) && olds.state === "pending") return { ran: olds, state: "pending" };
  if (isRollingOut(olds, shoot)) {
    return { ran: olds, state: "inProgress" };
  }
  if ((await verifyNodes(garden, shoot, olds)) === "old") {
    return { ran: olds, state: stateOfOutdatedNodes(shoot) };
  }
  return { ran: specVersions(shoot), state: pending(olds.target, shoot).length > 0 ? "pending" : "upToDate" };
}
