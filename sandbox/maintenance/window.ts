/** Maintenance windows: `HHMMSS±ZZZZ`, daily, possibly over midnight. */

const DAY = 24 * 60 * 60 * 1000;
/** No maintenance begins in the last quarter of an hour: `EffectiveMaintenanceTimeWindow` in Gardener. */
const TOO_LATE = 15 * 60 * 1000;

export interface Window {
  /** Milliseconds after midnight UTC. */
  readonly begin: number;
  readonly duration: number;
}

/** All day where there is none, or none that can be read. */
export function effectiveWindow(begin: string, end: string): Window {
  const from = timeOfDay(begin);
  const to = timeOfDay(end);
  if (from === undefined || to === undefined) return { begin: 0, duration: DAY };
  const duration = (to - from + DAY) % DAY || DAY;
  return { begin: from, duration: Math.max(0, duration - TOO_LATE) };
}

export function isWithin(window: Window, now: Date): boolean {
  return ((now.getTime() % DAY) - window.begin + DAY) % DAY < window.duration;
}

/** Milliseconds until a moment in the next window that has not begun yet; `share`: where in the window, from 0 to 1. */
export function untilNext(window: Window, now: Date, share: number): number {
  const untilBegin = (window.begin - (now.getTime() % DAY) + DAY) % DAY || DAY;
  return untilBegin + Math.floor(window.duration * share);
}

function timeOfDay(value: string): number | undefined {
  const match = /^(\d{2})(\d{2})(\d{2})([+-])(\d{2})(\d{2})$/.exec(value);
  if (match === null) return undefined;
  const [, hours, minutes, seconds, sign, offsetHours, offsetMinutes] = match;
  const local = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60;
  return ((local - (sign === "-" ? -offset : offset)) * 1000 + 2 * DAY) % DAY;
}
