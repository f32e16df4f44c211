import type { RenderInput } from "./format";

/** The report itself; its schema is report.schema.json. */
export function json({ report }: RenderInput): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
