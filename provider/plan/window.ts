/** The maintenance window, in which Gardener upgrades by itself. */
import type { TimeWindow } from "../model/shoot";

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/**
 * Gardener begins nothing in the last quarter of an hour of a window
 * (pkg/controllermanager/controller/shoot/maintenance/reconciler.go, the effective window).
 */
const TAIL = 15 * 60 * SECOND;

export interface Period {
  readonly begin: Date;
  readonly end: Date;
}

/** The window that is open and in which Gardener may still begin, else the next; undefined for nonsense. */
export function nextWindow(window: TimeWindow, now: Date): Period | undefined {
  const [begin, end] = [timeOfDay(window.begin), timeOfDay(window.end)];
  if (begin === undefined || end === undefined) return undefined;
  const length = positive(end - begin) || DAY;
  // Starts with yesterday's, which may span midnight.
  let start = Math.floor(now.getTime() / DAY) * DAY - DAY + begin;
  while (start + length - TAIL <= now.getTime()) start += DAY;
  return { begin: new Date(start), end: new Date(start + length) };
}

/** `HHMMSS±ZZZZ` as milliseconds after midnight UTC. */
function timeOfDay(text: string): number | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const offset = (Number(parts[5]) * 60 + Number(parts[6])) * (parts[4] === "-" ? -1 : 1);
  return positive(((hours * 60 + minutes - offset) * 60 + seconds) * SECOND);
}

function positive(ms: number): number {
  return ((ms % DAY) + DAY) % DAY;
}
