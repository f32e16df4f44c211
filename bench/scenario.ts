/** One garden of N Shoots at one distance: floor and ours, alternating in one run. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../tools/engine/engine";
import { openStack, type Stack } from "../tools/engine/stack";
import { isRecord } from "../provider/model/json";
import { addressOf, startChild } from "./children";
import { figure, type Figure } from "./figures";
import { observeProcesses, type ProcessUse } from "./processes";
import { measureKubectl } from "./kubectl";
import { floor, shootVersions } from "./programs";

/** What runs in the sandbox, and a minor above. */
const RUNS = "1.33.4";
const PENDING = "1.34";
const PENDING_VERSION = "1.34.3";

export const phases = [
  "preview, pending",
  "preview, nothing pending",
  "up, nothing pending",
  "refresh",
] as const;
export type Phase = (typeof phases)[number];

export interface Scenario {
  readonly shoots: number;
  /** Round trip. */
  readonly distanceMs: number;
  readonly runs: number;
}

export interface Measurement extends Scenario {
  readonly phase: Phase;
  readonly floor: Figure;
  readonly ours: Figure;
  /** The most of the provider's process in any of the runs. */
  readonly use: { readonly floor: ProcessUse; readonly ours: ProcessUse };
  /** Seconds of a script with kubectl that finds out the same; absent where it would not, or where there is no kubectl. */
  readonly kubectl?: number;
  /** Of one run of ours, by what was asked. */
  readonly requests: Readonly<Record<string, number>>;
}

export async function measure(scenario: Scenario, engine: Engine): Promise<readonly Measurement[]> {
  const garden = await startChild("garden.ts", [scenario.shoots]);
  const { kubeconfig, url } = addressOf(garden.first);
  const relay = await startChild("relay.ts", [new URL(url).port, scenario.distanceMs / 2]);
  const observer = await observeProcesses();
  const stacks: Stack[] = [];
  const open = async (name: string) => {
    const stack = await openStack({ program: () => Promise.resolve(), name, engine });
    stacks.push(stack);
    return stack;
  };
  try {
    const [below, ours] = [await open("floor"), await open("ours")];
    const file = join(ours.folder, "garden.yaml");
    const through =
      scenario.distanceMs === 0
        ? kubeconfig
        : kubeconfig.replace(url, `https://127.0.0.1:${String(relay.first)}`);
    await writeFile(file, through, { mode: 0o600 });
    const env = { ...observer.env, GARDEN_KUBECONFIG: file };
    below.use(floor(scenario.shoots, RUNS));
    ours.use(shootVersions(scenario.shoots, RUNS));
    succeeded(await below.up());
    succeeded(await ours.up({ env }));
    const results: Measurement[] = [];
    for (const phase of phases) {
      const version = phase === "preview, pending" ? PENDING : RUNS;
      below.use(floor(scenario.shoots, version));
      ours.use(shootVersions(scenario.shoots, version));
      const times: { floor: number[]; ours: number[] } = { floor: [], ours: [] };
      let requests: Record<string, number> = {};
      const uses: { floor: ProcessUse[]; ours: ProcessUse[] } = { floor: [], ours: [] };
      await observer.take();
      for (let run = 0; run < scenario.runs; run++) {
        times.floor.push(await seconds(() => act(below, phase, { env: observer.env })));
        uses.floor.push(await observer.take());
        await garden.ask();
        times.ours.push(await seconds(() => act(ours, phase, { env })));
        uses.ours.push(await observer.take());
        requests = counted(await garden.ask());
      }
      results.push({
        ...scenario,
        phase,
        floor: figure(times.floor),
        ours: figure(times.ours),
        use: { floor: most(uses.floor), ours: most(uses.ours) },
        kubectl:
          phase === "preview, pending"
            ? await measureKubectl(file, scenario.shoots, PENDING_VERSION)
            : undefined,
        requests,
      });
    }
    return results;
  } finally {
    for (const stack of stacks) await stack.close();
    await observer.close();
    relay.stop();
    garden.stop();
  }
}

function act(stack: Stack, phase: Phase, options: { readonly env?: Readonly<Record<string, string>> }) {
  switch (phase) {
    case "preview, pending":
    case "preview, nothing pending":
      return stack.preview(options);
    case "up, nothing pending":
      return stack.up(options);
    case "refresh":
      return stack.refresh(options);
  }
}

function most(uses: readonly ProcessUse[]): ProcessUse {
  return {
    memoryMiB: Math.max(...uses.map(({ memoryMiB }) => memoryMiB)),
    pauseMs: Math.max(...uses.map(({ pauseMs }) => pauseMs)),
  };
}

async function seconds(run: () => ReturnType<Stack["up"]>): Promise<number> {
  const began = process.hrtime.bigint();
  succeeded(await run());
  return Number(process.hrtime.bigint() - began) / 1e9;
}

function succeeded({ ok, stdout, stderr }: Awaited<ReturnType<Stack["up"]>>): void {
  if (!ok) throw new Error(`A run of the engine failed:\n${stdout}\n${stderr}`);
}

function counted(message: unknown): Record<string, number> {
  const counts: Record<string, number> = {};
  const requests = isRecord(message) ? message["requests"] : [];
  for (const request of Array.isArray(requests) ? requests.map(String) : []) {
    counts[request] = (counts[request] ?? 0) + 1;
  }
  return counts;
}
