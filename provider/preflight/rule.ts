/** The rules of the checks, and the findings that they make. */
import type { FindingSeverity, PreflightCheck } from "../model/enums";
import type { Finding, FoundObject } from "../model/preflight";
import { truncate, visible } from "../model/text";
import { fingerprint } from "./fingerprint";
import type { StepKind, Work } from "./work";

const LONGEST = 600;
/** Of a namespace and a name that Kubernetes accepts, 317 at most. */
const LONGEST_NAME = 320;

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
      found: sentence(found.found),
      why: sentence(found.why),
      action: sentence(found.action),
      fingerprint: fingerprint([check, name, object.kind, object.name, part]),
    },
  ];
}

/** Names, reasons and versions come from the Shoot: of any length. */
function sentence(text: string): string {
  return bounded(text, LONGEST);
}

function bounded(text: string, longest: number): string {
  return truncate(visible(truncate(text, longest)), longest);
}

function printed({ kind, name }: FoundObject): FoundObject {
  return { kind: bounded(kind, LONGEST_NAME), name: bounded(name, LONGEST_NAME) };
}
