/** A clock for the program, the provider's process and the sandbox that a test sets forward: days pass at once. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isRecord } from "../../provider/model/json";
import { repository } from "../../tools/engine/project";

const VARIABLE = "SIMULATED_CLOCK_OFFSET_MS";

export interface SimulatedClock {
  now(): Date;
  advance(ms: number): void;
  /** Of a run: its provider's process has the clock as it is now. */
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** @param start the moment at which the clock begins. */
export async function simulateClock(start: Date): Promise<SimulatedClock> {
  // The package as programs and the provider's process load it.
  const file = path.join(repository, "lib", "provider", "model", "clock.js");
  const loaded: unknown = createRequire(__filename)(file);
  const clock = isRecord(loaded) && isRecord(loaded["systemClock"]) ? loaded["systemClock"] : {};
  const before = clock["now"];
  let offset = start.getTime() - Date.now();
  const now = () => new Date(Date.now() + offset);
  Object.assign(clock, { now });
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-clock-"));
  const preload = path.join(folder, "clock.js");
  const shifted = `() => new Date(Date.now() + Number(process.env.${VARIABLE}))`;
  await writeFile(preload, `require(${JSON.stringify(file)}).systemClock.now = ${shifted};\n`);
  return {
    now,
    advance: (ms) => void (offset += ms),
    environment: () => ({ NODE_OPTIONS: `--require ${preload}`, [VARIABLE]: String(offset) }),
    async close() {
      Object.assign(clock, { now: before });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
