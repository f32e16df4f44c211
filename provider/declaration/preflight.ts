/** `preflight` of the arguments: access, waivers and severities. */
import type { PreflightArgs, PreflightSeverityArgs, WaiverArgs } from "../args";
import { Access, FindingSeverity, PreflightCheck } from "../model/enums";
import { defaultPreflight, type PreflightOptions, type Waiver } from "../model/preflight";
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

function parseWaivers(value: Json, path: string, fields: Fields): readonly Waiver[] {
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

function parseWaiver(value: Json, path: string, fields: Fields): Waiver | undefined {
  const problems = fields.problems.length;
  const given = fields.object(value, path, waiverKeys);
  const check = fields.choice(given?.check, join(path, "check"), PreflightCheck);
  const object = fields.text(given?.object, join(path, "object"));
  const until = parseDate(given?.until, join(path, "until"), fields);
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

/** The last day on which the waiver applies. */
function parseDate(value: Json, path: string, fields: Fields): string | undefined {
  const text = fields.text(value, path);
  if (text === undefined) return undefined;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  return fields.problem(
    "GU028",
    path,
    `${JSON.stringify(text)} is not a date; write one such as "2027-01-31"`,
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
