/** `--fail-on`: what a report must not contain. */
import { parseDuration } from "../../provider/model/duration";
import { FindingSeverity } from "../../provider/model/enums";
import { nearest } from "../../provider/model/near";
import { UserError } from "../../provider/model/problem";
import { distances, type Distance, type Notice } from "./model";

export type Condition =
  | { readonly kind: "pending"; readonly only?: Distance }
  | { readonly kind: "deprecated" }
  | { readonly kind: "expiring" | "forced"; readonly withinMs: number; readonly text: string }
  | { readonly kind: "finding"; readonly severity: FindingSeverity };

/** Without a value of their own. */
const DEFAULT_EXPIRING = "30d";
const DEFAULT_FORCED = "14d";
const OPTION = "--fail-on";

const parsers: Readonly<Record<Condition["kind"], (value: string | undefined) => Condition>> = {
  pending: (value) =>
    value === undefined ? { kind: "pending" } : { kind: "pending", only: oneOf(value, distances, "pending") },
  deprecated(value) {
    if (value !== undefined) throw invalid(`deprecated takes no value, found ${JSON.stringify(value)}`);
    return { kind: "deprecated" };
  },
  expiring: (value = DEFAULT_EXPIRING) => ({ kind: "expiring", ...within(value, "expiring=30d") }),
  forced: (value = DEFAULT_FORCED) => ({ kind: "forced", ...within(value, "forced=14d") }),
  finding: (value = FindingSeverity.Block) => ({
    kind: "finding",
    severity: oneOf(value, Object.values(FindingSeverity), "finding"),
  }),
};

/** For renderers that need conditions where none was given. */
export function defaultConditions(preflight: boolean): readonly Condition[] {
  return ["deprecated", "expiring", "forced", ...(preflight ? ["finding"] : [])].map(parseCondition);
}

export function parseCondition(text: string): Condition {
  const [name = "", ...rest] = text.split("=");
  const names = Object.keys(parsers);
  for (const [kind, parse] of Object.entries(parsers)) {
    if (kind === name) return parse(rest.length === 0 ? undefined : rest.join("="));
  }
  const near = nearest(name, names);
  throw invalid(
    `unknown condition ${JSON.stringify(name)}; allowed are ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}

/** As it is written. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case "pending":
      return condition.only === undefined ? "pending" : `pending=${condition.only}`;
    case "deprecated":
      return "deprecated";
    case "expiring":
    case "forced":
      return `${condition.kind}=${condition.text}`;
    case "finding":
      return `finding=${condition.severity}`;
  }
}

export function matches(condition: Condition, notice: Notice, now: Date): boolean {
  switch (condition.kind) {
    case "pending":
      return notice.kind === "available" && (condition.only ?? notice.distance) === notice.distance;
    case "deprecated":
      return notice.kind === "deprecated" || notice.kind === "expired" || notice.kind === "removed";
    case "expiring":
      if (notice.kind === "expired" || notice.kind === "removed") return true;
      return (
        (notice.kind === "expires" || notice.kind === "deprecated") &&
        isWithin(notice.date, condition.withinMs, now)
      );
    case "forced":
      return notice.kind === "forced" && isWithin(notice.date, condition.withinMs, now);
    case "finding":
      return (
        notice.kind === "finding" &&
        severities.indexOf(notice.severity) <= severities.indexOf(condition.severity)
      );
  }
}

/** Most serious first. */
const severities = [FindingSeverity.Block, FindingSeverity.Warn, FindingSeverity.Info];

function isWithin(date: string | undefined, ms: number, now: Date): boolean {
  return date !== undefined && new Date(date).getTime() - now.getTime() <= ms;
}

function within(text: string, example: string): { readonly withinMs: number; readonly text: string } {
  const withinMs = parseDuration(text);
  if (withinMs !== undefined) return { withinMs, text };
  throw new UserError(
    "GU025",
    `${JSON.stringify(text)} is not a duration; write one such as ${OPTION} ${example}`,
    { property: OPTION },
  );
}

function oneOf<Value extends string>(value: string, allowed: readonly Value[], name: string): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw invalid(
    `expected ${allowed.map((one) => `${name}=${one}`).join(", ")}, found ${JSON.stringify(value)}`,
  );
}

function invalid(message: string): UserError {
  return new UserError("GU021", message, { property: OPTION });
}
