/** The rules of the checks, and the findings that they make. */
import type { FindingSeverity, PreflightCheck } from "../model/enums";
import type { Finding, FoundObject } from "../model/preflight";
import { visible } from "../model/text";
import { fingerprint } from "./fingerprint";
import type { StepKind, Work } from "./work";

export interface Rule {
  readonly check: PreflightCheck;
  readonly name: string;
  /** By what the plan does; absent: it does not matter there. */
  readonly severity: Readonly<Partial<Record<StepKind, FindingSeverity>>>;
}

export interface Found {
  readonly object: FoundObject;
  readonly related?: readonly FoundObject[];
  /** Distinguishes several findings of one rule at one object, such as the webhooks of a configuration. */
  readonly part?: string;
  readonly found: string;
  readonly why: string;
  readonly action: string;
}

/** Nothing where the rule does not matter for what the plan does. */
export function finding({ check, name, severity }: Rule, { kind }: Work, found: Found): readonly Finding[] {
  const level = severity[kind];
  if (level === undefined) return [];
  const { object, related = [], part = "" } = found;
  return [
    {
      check,
      rule: name,
      severity: level,
      object: printed(object),
      related: related.map(printed),
      found: visible(found.found),
      why: found.why,
      action: visible(found.action),
      fingerprint: fingerprint([check, name, object.kind, object.name, part]),
    },
  ];
}

function printed({ kind, name }: FoundObject): FoundObject {
  return { kind: visible(kind), name: visible(name) };
}
