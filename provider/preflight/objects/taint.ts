/** Taints of nodes and worker pools, and the tolerations of pods (core/v1). */
import { at, isAbsent, list, optionalText, prose, type Field } from "../../garden/field";
import type { Taint } from "../../model/shoot";

export interface Toleration {
  /** Empty: every key. */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  /** Empty: every effect. */
  readonly effect: string;
}

/** By the state of a node, and removed again when that changes. */
const TRANSIENT = /^node\.(kubernetes\.io|cloudprovider\.kubernetes\.io|gardener\.cloud)\//;

/** Those that stay. */
export function decodeTaints(taints: Field): readonly Taint[] {
  return list(taints)
    .map((taint) => ({
      key: prose(at(taint, "key")),
      value: optionalText(at(taint, "value")) ?? "",
      effect: prose(at(taint, "effect")),
    }))
    .filter(({ key }) => !TRANSIENT.test(key));
}

export function decodeTolerations(tolerations: Field): readonly Toleration[] {
  return list(tolerations).map((toleration) => ({
    key: isAbsent(at(toleration, "key")) ? "" : prose(at(toleration, "key")),
    operator: optionalText(at(toleration, "operator")) ?? "Equal",
    value: optionalText(at(toleration, "value")) ?? "",
    effect: optionalText(at(toleration, "effect")) ?? "",
  }));
}

/** Those on account of which the scheduler passes over a node (k8s.io/component-helpers scheduling/corev1, FindMatchingUntoleratedTaint). */
export function untolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): readonly Taint[] {
  return taints
    .filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute")
    .filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  // Of other operators, which compare numbers, it is assumed that they match.
  return operator !== "Equal" || value === taint.value;
}

/** As `kubectl taint` writes it. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === "" ? "" : `=${value}`}:${effect}`;
}
