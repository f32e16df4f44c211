/**
 * Time as a wait counts it. While a machine is suspended its clock advances, but timers do not fire and
 * connections are lost: that time says nothing about the cluster.
 */
import type { Clock } from "../model/clock";

/** The longest pause: one that ends much later than requested shows that the machine was suspended. */
export const WAKE_MS = 30_000;
/** How late a timer may fire on a machine that is only busy. */
const LATE_MS = 120_000;
/**
 * How long a limit is extended after a suspension. A watch whose connection was lost meanwhile is
 * noticed after 135 seconds of silence, and established again then.
 */
const UPDATE_MS = 180_000;

export interface AwakeTime {
  /** Does not advance while the machine is suspended. */
  now(): Date;
  /** To be called when a timer has fired, with the time for which it was set. */
  timerFired(due: Date): void;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** The machine was awake for so long since then, and an update could arrive after the last suspension. */
  hasElapsed(since: Date, ms: number): boolean;
  /** On the clock, when {@link hasElapsed} becomes true. */
  elapsesAt(since: Date, ms: number): Date;
  /** The clock has reached that time, and an update could arrive after the last suspension. */
  isReached(time: Date): boolean;
  /** On the clock, when {@link isReached} becomes true. */
  reachedAt(time: Date): Date;
}

export function createAwakeTime(clock: Clock): AwakeTime {
  let suspendedMs = 0;
  let extendedTo = 0;
  const clockMs = (): number => clock.now().getTime();

  const time: AwakeTime = {
    now: () => new Date(clockMs() - suspendedMs),
    timerFired(due) {
      const late = clockMs() - due.getTime();
      if (late <= LATE_MS) return;
      suspendedMs += late;
      extendedTo = clockMs() + UPDATE_MS;
    },
    async sleep(ms, signal) {
      const due = new Date(clockMs() + ms);
      await clock.sleep(ms, signal);
      time.timerFired(due);
    },
    hasElapsed: (since, ms) => clockMs() >= time.elapsesAt(since, ms).getTime(),
    elapsesAt: (since, ms) => time.reachedAt(new Date(since.getTime() + ms + suspendedMs)),
    isReached: (at) => clockMs() >= time.reachedAt(at).getTime(),
    reachedAt: (at) => new Date(Math.max(at.getTime(), extendedTo)),
  };
  return time;
}
