/** What a plan does to a Shoot, as far as the severity of findings depends on it. */
import type { Shoot } from "../model/shoot";
import type { Step } from "../model/plan";
import { minorOf } from "../plan";

export type StepKind =
  /** Nodes are drained: replaced, or updated in place after a drain. */
  | "nodeRoll"
  /** A minor of the control plane; the worker pools stay as they are. */
  | "controlPlane"
  /** Control plane and kubelets restart on a patch; no node is drained. */
  | "patch";

export interface Work {
  readonly kind: StepKind;
  /** Worker pools whose nodes are drained. */
  readonly drained: ReadonlySet<string>;
  /** The minors of the control plane on the way, in order: `1.34`. */
  readonly minors: readonly string[];
  /** What the control plane runs in the end. */
  readonly kubernetesVersion: string;
}

export function workOf(steps: readonly Step[], shoot: Shoot): Work {
  const drained = new Set(
    steps.flatMap(({ pools }) => pools.filter(({ replacesNodes }) => replacesNodes).map(({ name }) => name)),
  );
  const upgrades = steps.flatMap(({ kubernetes }) => kubernetes ?? []);
  const minors = upgrades.filter(({ minor }) => minor).map(({ to }) => minorOf(to));
  return {
    kind: drained.size > 0 ? "nodeRoll" : minors.length > 0 ? "controlPlane" : "patch",
    drained,
    minors,
    kubernetesVersion: upgrades.at(-1)?.to ?? shoot.kubernetesVersion,
  };
}

/** Without a plan: every node is replaced. @param nextMinor a version of it. Absent: the versions stay. */
export function rollOfAllNodes(shoot: Shoot, nextMinor?: string): Work {
  return {
    kind: "nodeRoll",
    drained: new Set(shoot.workers.map(({ name }) => name)),
    minors: nextMinor === undefined ? [] : [minorOf(nextMinor)],
    kubernetesVersion: nextMinor ?? shoot.kubernetesVersion,
  };
}
