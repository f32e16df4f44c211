/** One seeded run from adoption to the last plain `up`, and what was found against the invariants. */
import { setTimeout as sleep } from "node:timers/promises";
import { textAt } from "../../sandbox/json";
import { describe } from "./faults";
import type { Ended } from "./observed";
import { invariants } from "./invariants";
import { SHOOT, work } from "./others";
import { scheduleOf, type Schedule } from "./schedule";
import { messageOf, refresh, up, type Run, type Stack } from "./stack";
import { sandboxWorld } from "./sandbox";
import type { World, WorldHands } from "./world";

export interface Report {
  readonly schedule: Schedule;
  /** `invariant: what was found`. */
  readonly violations: readonly string[];
  /** Which of the disturbances have come to pass. */
  readonly begun: number;
  /** How each run ended: `disturbed: update upToDate`. */
  readonly ends: readonly string[];
  readonly log: readonly string[];
  readonly seconds: number;
}

/** On the provider's clock; nothing that is asked of it takes longer. */
const LONGEST_RUN_MS = 60 * 60_000;

export type SetWorld = (
  kind: Schedule["garden"],
  hands: WorldHands,
  say: (line: string) => void,
) => Promise<World>;

export async function runSeed(seed: number, setWorld: SetWorld = sandboxWorld): Promise<Report> {
  return runSchedule(scheduleOf(seed), setWorld);
}

async function runSchedule(schedule: Schedule, setWorld: SetWorld = sandboxWorld): Promise<Report> {
  const began = performance.now();
  const log: string[] = [];
  const say = (line: string): void => void log.push(`${Math.round(performance.now() - began)} ms ${line}`);
  const rivals: Promise<unknown>[] = [];
  const stack: Stack = {};
  const hands: WorldHands = {
    async work(other) {
      say(`others: ${other}`);
      if (other !== "anotherUp") return work(world.admin, other, schedule.declared);
      // A copy of the state, as on another machine.
      if (rivals.length === 0)
        rivals.push(perform("another", () => up(world, { ...stack }, declaration, "another")));
    },
  };
  const world = await setWorld(schedule.garden, hands, say);
  const runs: Ended[] = [];
  const declaration = declarationOf(schedule);

  async function perform(
    name: string,
    task: () => Promise<Run>,
    declared = schedule.declared,
  ): Promise<void> {
    say(`${name} begins`);
    const limit = new AbortController();
    const hang = sleep(world.clock.real(LONGEST_RUN_MS), undefined, { signal: limit.signal });
    hang.catch(() => undefined);
    const ended = await Promise.race([task(), hang]);
    limit.abort();
    const run: Run = ended ?? {
      name,
      began: performance.now(),
      ended: performance.now(),
      messages: [],
      outcome: { kind: "failed", phase: "hang", error: new Error("it hangs") },
      stack,
    };
    await world.historyIsCurrent();
    runs.push({ ...run, ended: performance.now(), declared, nodes: await world.nodes() });
    for (const message of run.messages) if (!message.startsWith("status")) say(`  ${message}`);
    say(`${name}: ${endOf(run)}`);
  }

  try {
    const uid = textAt(await world.admin.get(SHOOT), "status", "uid");
    if (!schedule.adoptsWithUpgrade) {
      const adopted = declarationOf({ ...schedule, declared: schedule.adopted });
      await perform("adoption", () => up(world, stack, adopted, "adoption"), schedule.adopted);
    }
    world.director.play(schedule.disturbances);
    await perform("disturbed", () => up(world, stack, declaration, "disturbed"));
    world.director.calm();
    if (schedule.refresh) await perform("refresh", () => refresh(world, stack));
    await perform("next", () => up(world, stack, declaration, "next"));
    await Promise.all(rivals);
    await world.rest();
    await perform("last", () => up(world, stack, declaration, "last"));
    const observed = {
      ...schedule,
      moments: world.history.moments,
      passed: world.passed,
      runs,
      secrets: world.secrets,
      rival: rivals.length > 0,
      uid,
    };
    const violations = Object.entries(invariants).flatMap(([name, holds]) =>
      holds(observed).map((found) => `${name}: ${found}`),
    );
    return {
      schedule,
      violations,
      begun: world.director.begun.length,
      ends: runs.map((run) => `${run.name}: ${endOf(run)}`),
      log,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await world.close();
  }
}

function declarationOf({ declared: { kubernetes, image }, adoptsWithUpgrade }: Schedule) {
  return {
    shoot: { project: "demo", name: "web" },
    ...(kubernetes !== undefined && { kubernetes: { version: kubernetes } }),
    ...(image !== undefined && { machineImage: { version: image } }),
    ...(adoptsWithUpgrade && { adopt: "upgrade" }),
    rollout: { progressDeadline: "10m" },
  };
}

function endOf({ outcome }: Run): string {
  if (outcome.kind === "failed") return `${outcome.phase} failed: ${messageOf(outcome.error)}`;
  const { state } = outcome;
  return `${outcome.did} ${typeof state === "object" && state !== null && "state" in state ? String(state.state) : ""}`;
}

/** For whoever has to find the cause. */
export function explain({ schedule, violations, ends, log }: Report): string {
  const { seed, garden, declared, adoptsWithUpgrade, disturbances } = schedule;
  return [
    `FAULTS_SEED=${seed} on ${garden}, declared ${JSON.stringify(declared)}${adoptsWithUpgrade ? ', adopt: "upgrade"' : ""}`,
    ...disturbances.map((one) => `  ${describe(one)}`),
    ...ends.map((end) => `  -> ${end}`),
    ...violations.map((violation) => `  VIOLATED ${violation}`),
    ...(process.env["FAULTS_LOG"] === undefined ? [] : log.map((line) => `    ${line}`)),
  ].join("\n");
}
