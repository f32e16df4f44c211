/** The result of the preflight checks as it comes from a component, as plain JSON. */
import { at, ifUsable, list, oneOf, prose, root, text, texts, type Field } from "../garden/field";
import { FindingSeverity, PreflightCheck, PreflightOutcome } from "../model/enums";
import { isRecord } from "../model/json";
import type { CheckResult, Finding, FoundObject, PreflightReport } from "../model/preflight";

/** Undefined: there is none, or it is of another version of this package. */
export function decodePreflightReport(value: unknown): PreflightReport | undefined {
  if (!isRecord(value)) return undefined;
  const report = root("The preflight report", value);
  return ifUsable(() => ({
    of: text(at(report, "of")),
    result: {
      checks: list(at(report, "result", "checks")).map(decodeCheck),
      findings: list(at(report, "result", "findings")).map(decodeFinding),
    },
  }));
}

function decodeCheck(result: Field): CheckResult {
  return {
    check: oneOf(at(result, "check"), Object.values(PreflightCheck)),
    outcome: oneOf(at(result, "outcome"), Object.values(PreflightOutcome)),
    notVisible: [...texts(at(result, "notVisible"))],
  };
}

function decodeFinding(finding: Field): Finding {
  return {
    check: oneOf(at(finding, "check"), Object.values(PreflightCheck)),
    rule: text(at(finding, "rule")),
    severity: oneOf(at(finding, "severity"), Object.values(FindingSeverity)),
    object: decodeObject(at(finding, "object")),
    related: list(at(finding, "related")).map(decodeObject),
    found: prose(at(finding, "found")),
    why: prose(at(finding, "why")),
    action: prose(at(finding, "action")),
    fingerprint: text(at(finding, "fingerprint")),
  };
}

function decodeObject(object: Field): FoundObject {
  return { kind: text(at(object, "kind")), name: text(at(object, "name")) };
}
