/** Moments as programs write them (RFC 3339, `2026-12-05T22:00:00+01:00`), and as messages do. */

const shape = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Undefined where the text is no moment, or has no offset from UTC. */
export function parseMoment(text: string): Date | undefined {
  const [, day] = shape.exec(text) ?? [];
  const moment = new Date(text);
  if (day === undefined || Number.isNaN(moment.getTime())) return undefined;
  // Date takes 30 February for 2 March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? moment : undefined;
}

const MINUTE_MS = 60_000;

/** `2026-12-03 09:12 UTC`, for messages. */
export function describeMoment(moment: Date): string {
  const text = moment.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** The first full minute at or after it: what is said to begin then has begun. */
export function describeEarliest(moment: Date): string {
  return describeMoment(new Date(Math.ceil(moment.getTime() / MINUTE_MS) * MINUTE_MS));
}
