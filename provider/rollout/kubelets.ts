/** How far the kubelets that run are behind the control plane's next version: the spec alone is no proof. */
import type { ShootNode } from "../garden/garden";
import type { Step } from "../model/plan";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { list } from "../model/text";
import { crossesSeveralMinors, tooFarBehind } from "../plan";
import { CONTINUES } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";

/** Throws where a node that is visible would be further behind than allowed. */
export async function assertKubeletsInReach(
  { declared, checked, label }: RolloutRequest,
  { garden }: RolloutContext,
  { kubernetes }: Step,
  shoot: Shoot,
): Promise<void> {
  if (declared === undefined || kubernetes?.minor !== true || !crossesSeveralMinors(checked)) return;
  const { mostMinorsBehind } = declared.route;
  const behind = tooFarBehind(await visibleNodes(garden, shoot), kubernetes.to, mostMinorsBehind);
  if (behind.length === 0) return;
  throw new UserError(
    "GU036",
    `${label}: with the control plane on Kubernetes ${kubernetes.to}, kubelets would be more than ${mostMinorsBehind} minors behind: ${describeKubelets(behind)}. ` +
      `That version was not written. Find out why these nodes were not replaced. ${CONTINUES}`,
  );
}

/** `node-1 (1.31.9) and node-2 (1.31.9)`. */
export function describeKubelets(nodes: readonly ShootNode[]): string {
  return list(nodes.map(({ name, kubeletVersion }) => `${name} (${kubeletVersion})`));
}

/** None where they cannot be listed: then Gardener's success is all that is known. */
async function visibleNodes(garden: RolloutContext["garden"], shoot: Shoot): Promise<readonly ShootNode[]> {
  try {
    const cluster = await garden.openCluster(shoot);
    return (await cluster?.nodes()) ?? [];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
