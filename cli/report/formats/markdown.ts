/** For issues, comments on pull requests and summaries of jobs. */
import { count } from "../../../provider/model/text";
import { describeCondition } from "../conditions";
import { noticesOf, type Notice } from "../model";
import { outcomesOf } from "../outcome";
import type { RenderInput } from "./format";
import { remarksOf, rowsOf } from "./rows";

const header = ["Shoot", "What", "Runs", "Available", "Expires", "Gardener"];

export function markdown({ report, conditions }: RenderInput): string {
  const now = new Date(report.generated);
  const rows = report.shoots.flatMap((shoot) =>
    rowsOf(shoot, now).map((row, index) => [
      index === 0 ? [row.shoot, ...remarksOf(shoot)].join(", ") : "",
      row.what,
      row.version,
      row.available,
      row.expires,
      row.gardener,
    ]),
  );
  const failing = outcomesOf(report, conditions).filter(({ notices }) => notices.length > 0);
  const findings = noticesOf(report).filter(({ kind }) => kind === "finding");
  const { comparison } = report;
  return `${[
    `${count(report.shoots.length, "Shoot")} (${plain(report.scope)}) of ${plain(report.garden)}, ${report.generated}`,
    ...(rows.length === 0
      ? []
      : ["", tableRow(header), tableRow(header.map(() => "---")), ...rows.map(escapedRow)]),
    ...failing.flatMap(({ condition, notices }) => section(describeCondition(condition), notices)),
    ...section("Preflight findings", findings),
    ...(comparison === undefined
      ? []
      : [
          ...section(`New since ${comparison.previous}`, comparison.new),
          ...section(
            "Changed",
            comparison.changed.map(({ after }) => after),
          ),
          ...section("Gone", comparison.gone),
        ]),
    ...(report.notVisible.length === 0
      ? []
      : [
          "",
          "### Not visible",
          "",
          ...report.notVisible.map(({ what, reason }) => item(`${what}: ${reason}`)),
        ]),
  ].join("\n")}\n`;
}

function section(title: string, notices: readonly Notice[]): readonly string[] {
  return notices.length === 0
    ? []
    : ["", `### ${plain(title)}`, "", ...notices.map(({ code, message }) => item(`[${code}] ${message}`))];
}

function item(text: string): string {
  return `- ${plain(text)}`;
}

function escapedRow(cells: readonly string[]): string {
  return tableRow(cells.map(plain));
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** In which nothing is markup, a link, or mentions somebody. */
function plain(text: string): string {
  return text
    .replaceAll("\n", " ")
    .replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@(?=\w)/g, "&#64;")
    .replace(/:\/\//g, "&#58;//");
}
