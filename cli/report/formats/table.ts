/** For people: a table, or a list where the terminal is too narrow for one. */
import { styleText } from "node:util";
import { count, printable } from "../../../provider/model/text";
import { describeCondition } from "../conditions";
import { noticesOf, type NoticeLevel, type Report } from "../model";
import { outcomesOf } from "../outcome";
import type { RenderInput } from "./format";
import { remarksOf, rowsOf, type Row } from "./rows";
import { wrap } from "./wrap";

const GAP = "  ";
/** The last column is wrapped, down to this width. */
const NARROWEST = 28;
/** Where the output is not a terminal, lines are as long as they need to be. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const columns = [
  ["shoot", "SHOOT"],
  ["what", "WHAT"],
  ["version", "RUNS"],
  ["available", "AVAILABLE"],
  ["expires", "EXPIRES"],
  ["gardener", "GARDENER"],
] as const satisfies readonly (readonly [keyof Row, string])[];

export function table(input: RenderInput): string {
  const { report, terminal } = input;
  const width = terminal?.columns ?? UNLIMITED;
  const paint = painter(terminal?.color === true);
  const rows = report.shoots.flatMap((shoot) => {
    const [first, ...rest] = rowsOf(shoot, new Date(report.generated));
    const remarks = remarksOf(shoot);
    const head = first && { ...first, shoot: [first.shoot, ...remarks].join(", ") };
    return [...(head ? [head] : []), ...rest.map((row) => ({ ...row, shoot: "" }))];
  });
  const lines = rows.length === 0 ? [] : (wide(rows, width, paint) ?? narrow(rows, width, paint));
  return `${[...lines, ...(rows.length === 0 ? [] : [""]), ...footer(input, width, paint)].join("\n")}\n`;
}

type Paint = (level: NoticeLevel | "title", text: string) => string;

function painter(color: boolean): Paint {
  if (!color) return (_level, text) => text;
  const styles = { error: "red", warning: "yellow", title: "bold" } as const;
  return (level, text) => (level === "note" ? text : styleText(styles[level], text));
}

/** Undefined: it does not fit. */
function wide(rows: readonly Row[], width: number, paint: Paint): readonly string[] | undefined {
  const widths = columns.map(([key, title]) => Math.max(title.length, ...rows.map((row) => row[key].length)));
  const fixed = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  const last = Math.min(widths.at(-1) ?? 0, width - fixed);
  if (last < Math.min(NARROWEST, widths.at(-1) ?? 0)) return undefined;
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  return [
    paint("title", lineOf(columns.map(([, title]) => title))),
    ...rows.flatMap((row) => {
      const wrapped = wrap(row.gardener, last);
      const cells = columns.slice(0, -1).map(([key]) => row[key]);
      return [
        paint(row.level, lineOf([...cells, wrapped[0] ?? ""])),
        ...wrapped.slice(1).map((text) => paint(row.level, `${" ".repeat(fixed)}${text}`)),
      ];
    }),
  ];
}

function narrow(rows: readonly Row[], width: number, paint: Paint): readonly string[] {
  const indented = (text: string, indent: number, level: NoticeLevel | "title") =>
    wrap(text, Math.max(width - indent, 1)).map((line) => " ".repeat(indent) + paint(level, line));
  return rows.flatMap((row) => [
    ...(row.shoot === "" ? [] : indented(row.shoot, 0, "title")),
    ...indented(`${row.what} ${row.version}`, 2, row.level),
    ...(row.available === "" ? [] : indented(`available: ${row.available}`, 4, "note")),
    ...(row.expires === "" ? [] : indented(labelled(row.expires), 4, row.level)),
    ...(row.gardener === "" ? [] : indented(`Gardener ${row.gardener}`, 4, row.level)),
  ]);
}

/** What is not a date says by itself that the version has expired. */
function labelled(expires: string): string {
  return /^\d/.test(expires) ? `expires: ${expires}` : expires;
}

function footer({ report, conditions }: RenderInput, width: number, paint: Paint): readonly string[] {
  const findings = noticesOf(report).filter(({ kind }) => kind === "finding");
  const failing = outcomesOf(report, conditions).filter(({ notices }) => notices.length > 0);
  const write = (level: NoticeLevel, text: string) =>
    printable(text)
      .split("\n")
      .flatMap((line) => wrap(line, width))
      .map((line) => paint(level, line));
  return [
    ...findings.flatMap(({ level, code, message }) => write(level, `[${code}] ${message}`)),
    ...comparison(report).flatMap((line) => write("note", line)),
    ...report.notVisible.flatMap(({ what, reason }) => write("warning", `not visible: ${what}: ${reason}`)),
    ...failing.flatMap(({ condition, notices }) =>
      write(
        "error",
        `${describeCondition(condition)}: ${count(new Set(notices.map(({ shoot }) => shoot)).size, "Shoot")}`,
      ),
    ),
    ...write("note", summary(report)),
  ];
}

function summary({ shoots, scope, garden, notVisible }: Report): string {
  const rest = notVisible.length === 0 ? "" : `; not everything is visible`;
  return `${count(shoots.length, "Shoot")} (${scope}) of ${garden}${rest}`;
}

function comparison({ comparison: found }: Report): readonly string[] {
  if (found === undefined) return [];
  return [
    ...found.new.map(({ message }) => `new: ${message}`),
    ...found.changed.map(({ after }) => `changed: ${after.message}`),
    ...found.gone.map(({ message }) => `gone: ${message}`),
    `since ${found.previous}: ${found.new.length} new, ${found.changed.length} changed, ${found.gone.length} gone`,
  ];
}
