/** Label selectors (meta/v1). */
import { at, entries, isAbsent, list, prose, type Field } from "../../garden/field";
import type { Labels } from "./metadata";

export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** All of them must hold; none: every object is selected. */
export type Selector = readonly Requirement[];

/** Undefined where it is absent, which means something else in each API. */
export function decodeSelector(selector: Field): Selector | undefined {
  if (isAbsent(selector)) return undefined;
  return [
    ...entries(at(selector, "matchLabels")).map(([key, value]) => ({
      key,
      operator: "In",
      values: [prose(value)],
    })),
    ...decodeExpressions(at(selector, "matchExpressions")),
  ];
}

export function decodeExpressions(expressions: Field): Selector {
  return list(expressions).map((expression) => ({
    key: prose(at(expression, "key")),
    operator: prose(at(expression, "operator")),
    values: list(at(expression, "values")).map(prose),
  }));
}

export function selects(selector: Selector, labels: Labels): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    // Of node selectors alone.
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
