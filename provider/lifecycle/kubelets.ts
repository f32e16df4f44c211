/**
 * In previews: whether the kubelets that run allow the steps of a plan over several minors. The spec alone is no proof. A component
 * finds out before its resource is registered, for all of its Shoots in parallel, like the dry run.
 */
import { at, document, ifUsable, list, oneOf, optionalText, root, text, type Field } from "../garden/field";
import type { Garden, ShootNode } from "../garden/garden";
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import { isRecord } from "../model/json";
import type { KubeletReport } from "../model/kubelets";
import type { Plan } from "../model/plan";
import { UserError, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { crossesSeveralMinors, stepTooFar } from "../plan";
import { describeKubelets } from "../rollout";
import { NodeLists } from "./nodeLists";

/** Undefined: no nodes have to be read. */
export async function reportKubelets(
  garden: Garden,
  shoot: Shoot,
  plan: Plan,
): Promise<KubeletReport | undefined> {
  if (!dependsOnKubelets(shoot, plan)) return undefined;
  return { of: keyOf(shoot, plan), problems: await judge(garden, shoot, plan, new NodeLists()) };
}

/** @param report of the component: used if it is of this plan for this state of the Shoot. */
export async function kubeletProblems(
  garden: Garden,
  shoot: Shoot,
  plan: Plan,
  { report, lists }: { readonly report?: KubeletReport; readonly lists: NodeLists },
): Promise<readonly Problem[]> {
  if (!dependsOnKubelets(shoot, plan)) return [];
  return report?.of === keyOf(shoot, plan) ? report.problems : judge(garden, shoot, plan, lists);
}

/** Otherwise there is no doubt, or the rollout that runs renews the kubelets before the first step. */
function dependsOnKubelets(shoot: Shoot, { steps }: Plan): boolean {
  return crossesSeveralMinors(steps) && isObservedAtLatestGenerationAndSucceeded(shoot);
}

function keyOf({ uid, resourceVersion }: Shoot, { steps, route }: Plan): string {
  return JSON.stringify([uid, resourceVersion, steps, route.mostMinorsBehind]);
}

async function judge(
  garden: Garden,
  shoot: Shoot,
  { steps, route }: Plan,
  lists: NodeLists,
): Promise<readonly Problem[]> {
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

/** Undefined: there is none, or it is of another version of this package. */
export function decodeKubeletReport(value: unknown): KubeletReport | undefined {
  if (!isRecord(value)) return undefined;
  const report = root("The report on kubelets", value);
  return ifUsable(() => ({
    of: text(at(report, "of")),
    problems: list(at(report, "problems")).map(decodeProblem),
  }));
}

function decodeProblem(problem: Field): Problem {
  return {
    code: oneOf(at(problem, "code"), ["GU036", "GU043"]),
    severity: oneOf(at(problem, "severity"), ["info", "warning", "error"]),
    property: optionalText(at(problem, "property")),
    message: document(at(problem, "message")),
  };
}
