/**
 * A clock for the program, the provider's process and the sandbox that a test sets forward: days pass at once. Certificates are
 * issued by the machine's clock, with which TLS compares.
 */
import { createRequire } from "node:module";
import * as path from "node:path";

const VARIABLE = "SIMULATED_CLOCK_OFFSET_MS";
const SHIFTED = path.join(__dirname, "shiftedDate.js");

export interface SimulatedClock {
  now(): Date;
  advance(ms: number): void;
  /** Of a run: its provider's process has the clock as it is now. */
  environment(): Readonly<Record<string, string>>;
  close(): void;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** @param start the moment at which the clock begins. */
export function simulateClock(start: Date): SimulatedClock {
  const original = Date;
  let offset = start.getTime() - Date.now();
  const set = () => void (process.env[VARIABLE] = String(offset));
  set();
  const require = createRequire(__filename);
  Reflect.deleteProperty(require.cache, SHIFTED);
  require(SHIFTED);
  return {
    now: () => new Date(),
    advance(ms) {
      offset += ms;
      set();
    },
    environment: () => ({ NODE_OPTIONS: `--require ${SHIFTED}`, [VARIABLE]: String(offset) }),
    close() {
      globalThis.Date = original;
      Reflect.deleteProperty(process.env, VARIABLE);
    },
  };
}
