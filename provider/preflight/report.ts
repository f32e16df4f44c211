/** The findings as a preview shows them: grouped, most severe first, at most a screen. */
import type { Code } from "../model/codes";
import type { FindingSeverity } from "../model/enums";
import type { CheckResult, Finding, ReviewedPreflight, DeclaredWaiver } from "../model/preflight";
import type { Problem } from "../model/problem";
import { count, visible } from "../model/text";
import { READINESS } from "./checks/shoot";
import { blocking } from "./review";
import { enumerate } from "./text";

/** Of a terminal of this width, less the plan above. */
const MOST_ROWS = 20;
const WIDTH = 120;
const MOST_OBJECTS = 3;

/** Findings of one rule, with the same severity and waiver. */
interface Group {
  readonly first: Finding;
  readonly findings: readonly Finding[];
}

/** The first line is a summary. */
export function preflightMessage(name: string, reviewed: ReviewedPreflight): string {
  const groups = groupsOf(shown(reviewed.findings));
  const lines = groups.map(linesOf);
  const notVisible = hiddenLines(reviewed.checks);
  const room = MOST_ROWS - rowsOf(notVisible) - 2;
  const kept: string[] = [];
  let left = 0;
  for (const group of lines) {
    // The first one is what stops the upgrade, if anything does.
    const fits = kept.length === 0 || rowsOf([...kept, ...group]) <= room;
    if (left === 0 && fits) kept.push(...group);
    else left += 1;
  }
  return [
    `${name}: preflight: ${summary(reviewed)}`,
    ...kept.map((line) => `  ${line}`),
    ...(left === 0 ? [] : [`  and ${count(left, "more kind")} of findings; getPreflight() returns all`]),
    ...notVisible.map((line) => `  ${line}`),
    ...passedLine(reviewed.checks),
  ].join("\n");
}

/** A long line takes several, and each is indented. */
function rowsOf(lines: readonly string[]): number {
  return lines.reduce((rows, line) => rows + Math.ceil((line.length + 4) / WIDTH), 0);
}

/** One error for each kind of finding that stops the upgrade. */
export function blockingProblems(shoot: string, { findings }: ReviewedPreflight): readonly Problem[] {
  return groupsOf(blocking(findings)).map(({ first, findings: all }) => ({
    code: "GU070",
    severity: "error",
    message: `${shoot}: preflight ${first.check}: ${objectsOf(all)}: ${first.found}. Why it matters: ${first.why}. Next: ${first.action}; or accept it until a date: preflight: { waivers: [{ check: "${first.check}", object: "${first.object.name}", until: "…", reason: "…" }] }.`,
  }));
}

/** What is said of waivers that do nothing. */
export function waiverProblems(shoot: string, { expired, unused }: ReviewedPreflight): readonly Problem[] {
  return [
    ...expired.map((waiver): Problem => ({
      code: "GU073",
      severity: "warning",
      property: "preflight.waivers",
      message: `${shoot}: the waiver for ${describeWaiver(waiver)} has expired on ${waiver.until} and has no effect; fix the finding, or set a later date.`,
    })),
    ...unused.map((waiver): Problem => ({
      code: "GU074",
      severity: "info",
      property: "preflight.waivers",
      message: `${shoot}: the waiver for ${describeWaiver(waiver)} matches no finding; remove it.`,
    })),
  ];
}

function describeWaiver({ check, object }: DeclaredWaiver): string {
  return object === undefined ? check : `${check} at ${visible(object)}`;
}

/** The plan itself shows what it reports as readiness, unless that stops the upgrade. */
function shown(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ rule, severity }) => rule !== READINESS || severity === "block");
}

function groupsOf(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { check, rule, severity, waiver } = finding;
    const key = JSON.stringify([check, rule, severity, waiver]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ first, findings: all }];
  });
}

function linesOf({ first, findings }: Group): readonly string[] {
  const { severity, check, found, why, action, waiver } = first;
  if (waiver !== undefined) {
    return [
      `waived ${check}: ${objectsOf(findings)}: ${found} (until ${waiver.until}: ${visible(waiver.reason)})`,
    ];
  }
  const line = `${severity} ${check}: ${objectsOf(findings)}: ${found}`;
  return severity === "info" ? [line] : [`[${codes[severity]}] ${line}`, `  ${why}; ${action}`];
}

const codes = { block: "GU070", warn: "GU071" } as const satisfies Readonly<Record<string, Code>>;

function objectsOf(findings: readonly Finding[]): string {
  const kind = findings[0]?.object.kind ?? "";
  const names = [...new Set(findings.map(({ object }) => object.name))];
  return `${kind} ${enumerate(names, MOST_OBJECTS)}`;
}

const nouns: Readonly<Record<FindingSeverity, string>> = {
  block: "blocking finding",
  warn: "warning",
  info: "note",
};

function summary({ findings, checks }: ReviewedPreflight): string {
  const all = shown(findings);
  const active = all.filter(({ waiver }) => waiver === undefined);
  const waived = all.length - active.length;
  const hidden = checks.filter(({ notVisible }) => notVisible.length > 0).length;
  if (checks.length > 0 && checks.every(({ outcome }) => outcome === "notVisible"))
    return "no check is visible";
  const parts = [
    ...(["block", "warn", "info"] as const).flatMap((severity) => {
      const number = active.filter((finding) => finding.severity === severity).length;
      return number === 0 ? [] : [count(number, nouns[severity])];
    }),
    ...(waived === 0 ? [] : [`${waived} waived`]),
    ...(hidden === 0 ? [] : [`${count(hidden, "check")} not visible in full`]),
  ];
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}

/** Checks for the same reasons share a line: mostly it is one right or one API server that is missing for all. */
function hiddenLines(checks: readonly CheckResult[]): readonly string[] {
  const byReasons = new Map<string, CheckResult[]>();
  for (const check of checks) {
    if (check.notVisible.length === 0) continue;
    const key = JSON.stringify(check.notVisible);
    byReasons.set(key, [...(byReasons.get(key) ?? []), check]);
  }
  return [...byReasons.values()].map((hidden) => {
    const reasons = hidden[0]?.notVisible ?? [];
    const rest = reasons.length > 1 ? `; and ${count(reasons.length - 1, "more reason")}` : "";
    const names =
      hidden.length === checks.length ? "all checks" : hidden.map(({ check }) => check).join(", ");
    return `[GU072] not visible ${names}: ${visible(reasons[0] ?? "")}${rest}`;
  });
}

function passedLine(checks: readonly CheckResult[]): readonly string[] {
  const passed = checks.filter(({ outcome }) => outcome === "passed").map(({ check }) => check);
  return passed.length === 0 ? [] : [`  passed: ${passed.join(", ")}`];
}
