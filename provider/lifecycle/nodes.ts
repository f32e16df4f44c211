/**
 * Whether the nodes run what the Shoot's spec asks for, where this is not verified yet.
 *
 * The versions in state are verified: a rollout that fails leaves state as it was. While the spec has
 * the versions of the state, nothing is read. Where it has others (an adoption, an upgrade by somebody
 * else, a run after one that failed or was killed), Gardener's success alone is no proof: it may be the
 * one from before the write, and nodes may have been left behind. So the nodes are compared: a Shoot is
 * not up to date while a visible node runs an older version. On a garden without generations the
 * success of an unknown write is no proof either where the nodes are not visible: such a rollout is
 * awaited, which takes a success that lasts.
 */
import { awaitsWindow, isHibernated, isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { Garden } from "../garden/garden";
import type { RolloutState } from "../model/enums";
import type { ResolvedTarget, Target } from "../model/plan";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { changedFields, pending, specVersions } from "../plan";
import { areUpdated, compareNodes, nodeTargetsOf } from "../rollout";
import { NodeLists } from "./nodeLists";
import type { State } from "./state";
import { mayBeWrittenByUs } from "./status";

export type NodeVersions =
  /** All nodes run the versions of the spec, or there is no reason to doubt it. */
  | "current"
  /** A node runs an older version. */
  | "old"
  /** The nodes are not visible. */
  | "unknown";

/** The versions that were verified last, and the state that was recorded with them. */
type Recorded = ResolvedTarget & { readonly state?: string };

/** Reads the nodes only where the recorded versions are not those of the spec. */
export async function verifyNodes(
  garden: Garden,
  shoot: Shoot,
  recorded: Recorded,
  lists = new NodeLists(),
): Promise<NodeVersions> {
  return isObservedAtLatestGenerationAndSucceeded(shoot) && isUnverified(recorded, shoot)
    ? inspectNodes(garden, shoot, recorded, lists)
    : "current";
}

/** @param before the versions that nodes may have been left at; undefined: not known. */
export async function inspectNodes(
  garden: Garden,
  shoot: Shoot,
  before: Target | undefined,
  lists: NodeLists,
): Promise<NodeVersions> {
  if (isHibernated(shoot)) return "unknown";
  try {
    const nodes = await lists.read(garden, shoot);
    const versions = nodes === undefined ? "unknown" : compare(shoot, before, nodes);
    if (versions === "unknown") lists.forget(shoot);
    return versions;
  } catch (error) {
    if (error instanceof UserError) return "unknown";
    throw error;
  }
}

type ListedNodes = NonNullable<Awaited<ReturnType<NodeLists["read"]>>>;

function compare(shoot: Shoot, before: Target | undefined, nodes: ListedNodes): NodeVersions {
  // The kubelet of a node that has just registered has not reported its version yet.
  const reporting = nodes.filter(({ kubeletVersion }) => kubeletVersion !== "");
  const pools = compareNodes(nodeTargetsOf(specVersions(shoot), shoot, before), reporting);
  if (pools.some(({ outdated }) => outdated.length > 0)) return "old";
  return areUpdated(pools) ? "current" : "unknown";
}

function isUnverified(recorded: Recorded, shoot: Shoot): boolean {
  return recorded.state === "inProgress" || changedFields(recorded, specVersions(shoot)).length > 0;
}

/**
 * Whether the rollout to the versions of the spec must still be awaited. One that somebody else has
 * started is not awaited.
 * @param before the versions that ran before; undefined: not known.
 */
export function mustBeAwaited(
  nodes: NodeVersions,
  { capabilities }: Garden,
  shoot: Shoot,
  before: Target | undefined,
): boolean {
  // Nothing happens before the maintenance window.
  if (nodes === "current" || shoot.maintenance.confineSpecUpdateRollout) return false;
  const isUnproven = nodes === "old" || !capabilities.optimisticLocking;
  return isUnproven && mayBeWrittenByUs(before, shoot);
}

/** The state of a Shoot whose nodes run older versions than its spec. */
export function stateOfOutdatedNodes({ maintenance }: Shoot): RolloutState {
  return maintenance.confineSpecUpdateRollout ? "pending" : "inProgress";
}

/** Gardener is rolling out versions that are not verified yet, whoever wrote them. */
export function isRollingOut(recorded: Recorded, shoot: Shoot): boolean {
  return !isObservedAtLatestGenerationAndSucceeded(shoot) && isUnverified(recorded, shoot);
}

/** Where nothing is to be written: the observed versions, never ahead of what is verified, and the state. */
export async function rolloutStatus(
  garden: Garden,
  recorded: State,
  shoot: Shoot,
  lists = new NodeLists(),
): Promise<{ readonly observed: Target; readonly state: RolloutState }> {
  if (awaitsWindow(shoot) && recorded.state === "pending") return { observed: recorded, state: "pending" };
  if (isRollingOut(recorded, shoot)) return { observed: recorded, state: "inProgress" };
  if ((await verifyNodes(garden, shoot, recorded, lists)) === "old") {
    return { observed: recorded, state: stateOfOutdatedNodes(shoot) };
  }
  return {
    observed: specVersions(shoot),
    state: pending(recorded.target, shoot).length > 0 ? "pending" : "upToDate",
  };
}
