import type { Fields, Json } from "./fields";

/** The last day on which something applies. */
export function parseDay(value: Json, path: string, fields: Fields): string | undefined {
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
