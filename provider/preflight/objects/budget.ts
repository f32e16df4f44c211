/** PodDisruptionBudgets (policy/v1). */
import {
  at,
  entries,
  isAbsent,
  optionalNumber,
  optionalText,
  prose,
  root,
  text,
  type Field,
} from "../../garden/field";
import { decodeMetadata, type Metadata } from "./metadata";
import { decodeSelector, selects, type Selector } from "./selector";

export interface PodDisruptionBudget extends Metadata {
  readonly namespace: string;
  /** Absent: no pod is selected; empty: every pod of the namespace. */
  readonly selector?: Selector;
  /** A number or a percentage, as written. */
  readonly minAvailable?: string;
  readonly maxUnavailable?: string;
  readonly status: BudgetStatus;
}

export interface BudgetStatus {
  readonly observedGeneration: number;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  /** Pods that are being evicted and not yet gone. */
  readonly disruptedPods: readonly string[];
}

export function decodeBudget(value: unknown): PodDisruptionBudget {
  const budget = root("A PodDisruptionBudget of the Shoot", value);
  const spec = at(budget, "spec");
  const status = at(budget, "status");
  const count = (key: string) => optionalNumber(at(status, key)) ?? 0;
  return {
    ...decodeMetadata(budget),
    namespace: text(at(budget, "metadata", "namespace")),
    selector: decodeSelector(at(spec, "selector")),
    minAvailable: numberOrShare(at(spec, "minAvailable")),
    maxUnavailable: numberOrShare(at(spec, "maxUnavailable")),
    status: {
      observedGeneration: count("observedGeneration"),
      disruptionsAllowed: count("disruptionsAllowed"),
      currentHealthy: count("currentHealthy"),
      desiredHealthy: count("desiredHealthy"),
      expectedPods: count("expectedPods"),
      disruptedPods: entries(at(status, "disruptedPods")).map(([name]) => name),
    },
  };
}

export function covers(budget: PodDisruptionBudget, pod: Pick<Metadata, "namespace" | "labels">): boolean {
  const { selector } = budget;
  return selector !== undefined && budget.namespace === pod.namespace && selects(selector, pod.labels);
}

function numberOrShare(field: Field): string | undefined {
  if (isAbsent(field)) return undefined;
  return typeof field.value === "number"
    ? String(optionalNumber(field))
    : (optionalText(field) ?? prose(field));
}
