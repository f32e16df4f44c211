/** Applies what the declaration says about findings: other severities, and waivers until a date. */
import { isOver } from "../model/day";
import { PreflightCheck } from "../model/enums";
import type {
  AppliedWaiver,
  Finding,
  PreflightOptions,
  PreflightResult,
  ReviewedPreflight,
  DeclaredWaiver,
} from "../model/preflight";

/** A waiver and a severity both leave the finding in the result: nothing is switched off. */
export function review(
  { checks, findings }: PreflightResult,
  { waivers, severity }: Pick<PreflightOptions, "waivers" | "severity">,
  now: Date,
): ReviewedPreflight {
  const expired = waivers.filter((waiver) => isOver(waiver.until, now));
  const effective = waivers.filter((waiver) => !isOver(waiver.until, now));
  return {
    checks,
    findings: [...findings]
      .map((finding) => {
        const waiver = effective.find((candidate) => matches(candidate, finding));
        return {
          ...finding,
          severity: severity[finding.check] ?? finding.severity,
          ...(waiver !== undefined && { waiver: applied(waiver) }),
        };
      })
      .sort(bySeverity),
    expired,
    unused: effective.filter((waiver) => !findings.some((finding) => matches(waiver, finding))),
  };
}

/** What stops the upgrade. */
export function blocking(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity, waiver }) => severity === "block" && waiver === undefined);
}

function matches({ check, object }: DeclaredWaiver, finding: Finding): boolean {
  return check === finding.check && (object === undefined || object === finding.object.name);
}

function applied({ until, reason }: DeclaredWaiver): AppliedWaiver {
  return { until, reason };
}

const severities = ["block", "warn", "info"] as const;
const checks = Object.values(PreflightCheck);

/** What stops the upgrade first, what is waived last; otherwise in the order of the checks, by name. */
function bySeverity(one: Finding, other: Finding): number {
  return (
    rank(one) - rank(other) ||
    checks.indexOf(one.check) - checks.indexOf(other.check) ||
    compare(one.rule, other.rule) ||
    compare(one.object.name, other.object.name)
  );
}

function rank({ severity, waiver }: Finding): number {
  return severities.indexOf(severity) + (waiver === undefined ? 0 : severities.length);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
