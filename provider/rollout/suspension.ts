/** A machine that sleeps: the clock goes on, timers and connections do not. */

/** The longest wait; where the clock is much later than asked for, the machine has slept. */
export const WAKE_MS = 30_000;
/** A busy machine may be late by so much. */
const LATE_MS = 120_000;
/**
 * What a deadline leaves for news after a sleep. A watch whose connection was lost meanwhile is
 * noticed after 135 seconds of silence, and then made anew.
 */
export const NEWS_MS = 180_000;

/** How long the machine has slept that was to be awake at a given time; zero: it has not. */
export function suspendedMs(wakeAt: Date, now: Date): number {
  const late = now.getTime() - wakeAt.getTime();
  return late > LATE_MS ? late : 0;
}
