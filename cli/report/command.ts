/** `pulumi-gardener report`. */
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { Option, type Command } from "commander";
import { createGardens } from "../../provider/garden/gardens";
import type { Garden } from "../../provider/garden/garden";
import { LIST_MS } from "../../provider/garden/namespaceReads";
import type { CloudProfile } from "../../provider/model/cloudprofile";
import { systemClock } from "../../provider/model/clock";
import { Access } from "../../provider/model/enums";
import { UserError } from "../../provider/model/problem";
import type { Shoot } from "../../provider/model/shoot";
import { upgrades } from "../../provider/plan";
import { rollOfAllNodes, runPreflight } from "../../provider/preflight";
import { ExitCode } from "../exitCodes";
import { notWritten, progressOn, replaceFile, type Io } from "../io";
import { locationOf, repeatable, textOf, textsOf, type Values } from "../options";
import { reportShoot } from "./build";
import { compare } from "./compare";
import { parseCondition, type Condition } from "./conditions";
import { formats, isFormat, render, type Format } from "./formats";
import type { Terminal } from "./formats/format";
import { renovateFiles } from "./formats/renovate";
import { describeScope } from "./list";
import { REPORT_VERSION, type Report } from "./model";
import { outcomesOf } from "./outcome";
import { assertComparable, readPrevious } from "./previous";
import { readGarden, type ReadGarden, type Reading } from "./read";

export function addReportOptions(command: Command): void {
  command
    .option("--format <format>", `${formats.join(", ")} (default: table)`)
    .option("--out <path>", "file for the report instead of standard output; for renovate a folder")
    .addOption(
      repeatable(
        "--fail-on <condition>",
        "pending[=patch|minor|major], deprecated, expiring[=30d], forced[=14d], finding[=block|warn|info]; may be repeated",
      ),
    )
    .option("--compare <file>", "an earlier report as JSON: what is new, changed and gone since")
    .option("--preflight", "examine each Shoot for what would block its next minor")
    .addOption(
      new Option("--preflight-access <access>", "kubeconfig for these checks").choices(Object.values(Access)),
    );
}

interface Options {
  readonly format: Format;
  readonly out?: string;
  readonly conditions: readonly Condition[];
  readonly compare?: string;
  /** Absent: no preflight checks. */
  readonly preflight?: Access;
}

export async function runReport(values: Values, io: Io): Promise<ExitCode> {
  const options = parseOptions(values);
  const { location, scopes } = locationOf(values);
  const previous = options.compare === undefined ? undefined : await readPrevious(options.compare);
  const garden = await createGardens(systemClock, LIST_MS).open(location, {
    config: () => undefined,
    env: io.env,
  });
  const scope = scopes.length === 0 ? describeScope(undefined) : scopes.map(describeScope).join(", ");
  if (previous !== undefined) assertComparable(previous, { garden: garden.description, scope });
  const now = io.now();
  const progress = progressOn(io);
  const read = await readGarden(garden, {
    scopes,
    preflight: options.preflight && preflightOf(garden, options.preflight, now),
    progress: progress.show,
  }).finally(progress.clear);
  const report: Report = {
    version: REPORT_VERSION,
    generated: now.toISOString(),
    garden: garden.description,
    scope,
    complete: read.notVisible.length === 0,
    notVisible: read.notVisible,
    preflight: options.preflight !== undefined,
    shoots: read.shoots.map((shoot) => reportShoot(shoot, now)),
  };
  const compared = previous === undefined ? report : { ...report, comparison: compare(previous, report) };
  await write(compared, read, options, io);
  return exitCodeOf(compared, options.conditions);
}

function parseOptions(values: Values): Options {
  const format = textOf(values, "format") ?? "table";
  if (!isFormat(format)) {
    throw new UserError("GU021", `expected ${formats.join(", ")}, found ${JSON.stringify(format)}`, {
      property: "--format",
    });
  }
  const out = textOf(values, "out");
  if (format === "renovate" && out === undefined) {
    throw new UserError("GU021", "the format renovate needs --out with a folder for its files, found none", {
      property: "--out",
    });
  }
  const conditions = textsOf(values, "failOn").map(parseCondition);
  const access = Object.values(Access).find((one) => one === values["preflightAccess"]);
  const preflight = access ?? (values["preflight"] === true ? Access.Viewer : undefined);
  if (preflight === undefined && conditions.some(({ kind }) => kind === "finding")) {
    throw new UserError("GU021", "finding needs --preflight, which reads each cluster; it is not given", {
      property: "--fail-on",
    });
  }
  return { format, out, conditions, compare: textOf(values, "compare"), preflight };
}

/** Of a roll of all nodes with the next minor, where there is one. */
function preflightOf(garden: Garden, access: Access, now: Date): NonNullable<Reading["preflight"]> {
  return (shoot: Shoot, profile: CloudProfile) => {
    const { minors } = upgrades(shoot, profile, now).kubernetes;
    const next = minors.find(({ classification }) => classification === "supported");
    return runPreflight(garden, shoot, rollOfAllNodes(shoot, next?.version), { access, now });
  };
}

async function write(report: Report, read: ReadGarden, options: Options, io: Io): Promise<void> {
  const { format, out, conditions } = options;
  if (format === "renovate") {
    const files = renovateFiles(read.profiles, new Date(report.generated));
    for (const [name, content] of files) await writeIn(out ?? ".", name, content);
    return;
  }
  const terminal = out === undefined ? terminalOf(io) : undefined;
  const text = await render(format, { report, conditions, ...(terminal && { terminal }) });
  if (out === undefined) io.stdout.write(text);
  else await replaceFile(out, text);
}

async function writeIn(folder: string, name: string, content: string): Promise<void> {
  const file = path.join(folder, name);
  try {
    await mkdir(path.dirname(file), { recursive: true });
  } catch (error) {
    throw notWritten(file, error);
  }
  await replaceFile(file, content);
}

const DEFAULT_COLUMNS = 80;

function terminalOf({ stdout, env }: Io): Terminal | undefined {
  if (stdout.isTTY !== true) return undefined;
  return { columns: stdout.columns ?? DEFAULT_COLUMNS, color: stdout.hasColors?.(env) === true };
}

function exitCodeOf(report: Report, conditions: readonly Condition[]): ExitCode {
  if (outcomesOf(report, conditions).some(({ notices }) => notices.length > 0)) return ExitCode.ConditionMet;
  return report.complete ? ExitCode.Success : ExitCode.NotVisible;
}
