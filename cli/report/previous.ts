/** Reads a report that was written earlier with `--format json`. */
import { readFile } from "node:fs/promises";
import {
  at,
  list,
  oneOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  prose,
  root,
  text,
  type Field,
} from "../../provider/garden/field";
import { FindingSeverity } from "../../provider/model/enums";
import { UserError } from "../../provider/model/problem";
import {
  distances,
  findingCodes,
  noticeCodes,
  noticeLevels,
  REPORT_VERSION,
  type Notice,
  type PreviousReport,
} from "./model";

const OPTION = "--compare";

export async function readPrevious(path: string): Promise<PreviousReport> {
  try {
    return decodeReport(root(`the report ${JSON.stringify(path)}`, JSON.parse(await readFile(path, "utf8"))));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unusableReport(
      error instanceof UserError ? reason : `${JSON.stringify(path)} cannot be read: ${reason}`,
    );
  }
}

/** A report of other Shoots would make those of this one new, and its own gone. */
export function assertComparable(
  previous: PreviousReport,
  current: Pick<PreviousReport, "garden" | "scope">,
): void {
  for (const field of ["garden", "scope"] as const) {
    if (previous[field] === current[field]) continue;
    throw unusableReport(
      `its ${field} is ${JSON.stringify(previous[field])}, that of this report ${JSON.stringify(current[field])}`,
    );
  }
}

function unusableReport(found: string): UserError {
  return new UserError(
    "GU090",
    `${found}; expected a report that \`pulumi-gardener report --format json\` has written for the same Shoots.`,
    { property: OPTION },
  );
}

function decodeReport(report: Field): PreviousReport {
  const version = optionalNumber(at(report, "version"));
  if (version !== REPORT_VERSION) {
    throw unusableReport(`${report.object} has version ${version ?? "none"} instead of ${REPORT_VERSION}`);
  }
  return {
    generated: text(at(report, "generated")),
    garden: text(at(report, "garden")),
    scope: text(at(report, "scope")),
    complete: optionalBoolean(at(report, "complete")) ?? false,
    preflight: optionalBoolean(at(report, "preflight")) ?? false,
    shoots: list(at(report, "shoots")).map((shoot) => ({
      uid: text(at(shoot, "uid")),
      notices: list(at(shoot, "notices")).map(decodeNotice),
    })),
  };
}

function decodeNotice(notice: Field): Notice {
  const kind = text(at(notice, "kind"));
  const shared = {
    level: oneOf(at(notice, "level"), noticeLevels),
    shoot: text(at(notice, "shoot")),
    ...optional(notice, "pool"),
    message: prose(at(notice, "message")),
    fingerprint: text(at(notice, "fingerprint")),
  };
  if (kind === "finding") {
    const severity = oneOf(at(notice, "severity"), Object.values(FindingSeverity));
    return { kind, code: findingCodes[severity], severity, ...shared };
  }
  const versioned = { ...shared, ...optional(notice, "machineImage"), version: text(at(notice, "version")) };
  switch (kind) {
    case "available": {
      const distance = oneOf(at(notice, "distance"), distances);
      return { kind, code: noticeCodes[kind], ...versioned, to: text(at(notice, "to")), distance };
    }
    case "forced":
    case "automatic":
      return {
        kind,
        code: noticeCodes[kind],
        ...versioned,
        ...optional(notice, "to"),
        date: text(at(notice, "date")),
        why: prose(at(notice, "why")),
      };
    default:
      return {
        kind: oneOf(at(notice, "kind"), ["expires", "deprecated", "expired", "removed"]),
        code: noticeCodes.expires,
        ...versioned,
        ...optional(notice, "date"),
      };
  }
}

function optional<Key extends string>(notice: Field, key: Key): Partial<Record<Key, string>> {
  const value = optionalText(at(notice, key));
  const found: Partial<Record<Key, string>> = {};
  if (value !== undefined) found[key] = value;
  return found;
}
