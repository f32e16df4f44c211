/** In previews: whether the kubelets that run allow the steps of a plan over several minors. The spec alone is no proof. */
import type { Garden, ShootNode } from "../garden/garden";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { Plan } from "../model/plan";
import { UserError, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { crossesSeveralMinors, stepTooFar } from "../plan";
import { describeKubelets } from "../rollout";
import type { NodeLists } from "./nodeLists";

/** None: there is no doubt, or the rollout that runs renews the kubelets before the first step. */
export async function kubeletProblems(
  garden: Garden,
  shoot: Shoot,
  { steps, route }: Plan,
  lists: NodeLists,
): Promise<readonly Problem[]> {
  if (!crossesSeveralMinors(steps) || !isObservedAtLatestGenerationAndSucceeded(shoot)) return [];
  const found = await readNodes(garden, shoot, lists);
  if (found.kind === "notVisible") return [notVisible(shoot, found.reason)];
  const stop = stepTooFar(found.nodes, steps, route.mostMinorsBehind);
  if (stop === undefined) return [];
  const message =
    `${shootId(shoot.ref)}: with the control plane on Kubernetes ${stop.controlPlane}, kubelets that run would be more than ` +
    `${route.mostMinorsBehind} minors behind: ${describeKubelets(stop.nodes)}. Find out why these nodes do not run the version of their worker pool, ` +
    "then run `pulumi preview` again.";
  return [{ code: "GU036", severity: "error", property: "kubernetes", message }];
}

type Nodes =
  | { readonly kind: "seen"; readonly nodes: readonly ShootNode[] }
  | { readonly kind: "notVisible"; readonly reason: string };

async function readNodes(garden: Garden, shoot: Shoot, lists: NodeLists): Promise<Nodes> {
  try {
    const nodes = await lists.read(garden, shoot);
    return nodes === undefined
      ? { kind: "notVisible", reason: "the cluster has no API" }
      : { kind: "seen", nodes };
  } catch (error) {
    if (error instanceof UserError) return { kind: "notVisible", reason: error.message };
    throw error;
  }
}

function notVisible({ ref }: Shoot, reason: string): Problem {
  const message =
    `${shootId(ref)}: the nodes are not visible from here (${reason.replace(/\.$/, "")}); how far kubelets are behind the control plane ` +
    "is judged by the spec.";
  return { code: "GU043", severity: "info", message };
}
