/** `preflight` of the arguments: access, waivers and severities. */
import type { PreflightArgs, PreflightSeverityArgs, WaiverArgs } from "../args";
import { Access, FindingSeverity, PreflightCheck } from "../model/enums";
import { defaultPreflight, type PreflightOptions, type DeclaredWaiver } from "../model/preflight";
import { parseDay } from "./day";
import { join, type Fields, type Json, type Keys } from "./fields";

const preflightKeys: Keys<PreflightArgs> = { access: true, waivers: true, severity: true };
const waiverKeys: Keys<WaiverArgs> = { check: true, object: true, until: true, reason: true };
const severityKeys: Keys<PreflightSeverityArgs> = {
  podDisruptionBudget: true,
  drain: true,
  webhook: true,
  crd: true,
  apiService: true,
  removedApi: true,
  shoot: true,
};

export function parsePreflight(value: Json, fields: Fields): PreflightOptions {
  const given = fields.object(value, "preflight", preflightKeys) ?? {};
  return {
    access: fields.choice(given.access, "preflight.access", Access) ?? defaultPreflight.access,
    waivers: parseWaivers(given.waivers, "preflight.waivers", fields),
    severity: parseSeverity(given.severity, "preflight.severity", fields),
  };
}

function parseWaivers(value: Json, path: string, fields: Fields): readonly DeclaredWaiver[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    fields.problem(
      "GU021",
      path,
      'expected a list, such as [{ check: "drain", until: "2027-01-31", reason: "…" }]',
    );
    return [];
  }
  return value.flatMap((waiver: Json, index) => parseWaiver(waiver, `${path}[${index}]`, fields) ?? []);
}

function parseWaiver(value: Json, path: string, fields: Fields): DeclaredWaiver | undefined {
  const problems = fields.problems.length;
  const given = fields.object(value, path, waiverKeys);
  const check = fields.choice(given?.check, join(path, "check"), PreflightCheck);
  const object = fields.text(given?.object, join(path, "object"));
  const until = parseDay(given?.until, join(path, "until"), fields);
  const reason = fields.text(given?.reason, join(path, "reason"));
  if (check !== undefined && until !== undefined && reason !== undefined) {
    return { check, until, reason, ...(object !== undefined && { object }) };
  }
  if (fields.problems.length > problems) return undefined;
  const missing = Object.entries({ check, until, reason }).flatMap(([key, found]) =>
    found === undefined ? [key] : [],
  );
  return fields.problem(
    "GU021",
    path,
    `a waiver has check, until and reason, and may have object; found none of ${missing.join(", ")}`,
  );
}

function parseSeverity(value: Json, path: string, fields: Fields): PreflightOptions["severity"] {
  const given = fields.object(value, path, severityKeys) ?? {};
  const parsed: Partial<Record<PreflightCheck, FindingSeverity>> = {};
  for (const check of Object.values(PreflightCheck)) {
    const severity = fields.choice(given[check], join(path, check), FindingSeverity);
    if (severity !== undefined) parsed[check] = severity;
  }
  return parsed;
}
