/** A clock that runs ahead for provider and sandbox alike: minutes pass in seconds. */
import { systemClock, type Clock } from "../../provider/model/clock";

export interface FastClock extends Clock {
  readonly speed: number;
  /** What lasts so long on this clock, on the wall's. */
  real(ms: number): number;
}

export function fastClock(speed: number): FastClock {
  const start = Date.now();
  const began = performance.now();
  return {
    speed,
    real: (ms) => ms / speed,
    now: () => new Date(start + (performance.now() - began) * speed),
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}
