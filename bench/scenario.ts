/** One garden of N Shoots at one distance: floor and ours, alternating in one run. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../tools/engine/engine";
import { openStack, type Stack } from "../tools/engine/stack";
import { isRecord } from "../provider/model/json";
import { addressOf, startChild } from "./children";
import { figure, type Figure } from "./figures";
import { most, observeProcesses, processorSeconds, type ProcessUse } from "./processes";
import { measureKubectl } from "./kubectl";
import { floor, type FloorKind } from "./floors";
import { shootVersions, type Landscape } from "./programs";
import { PENDING, RUNS, TARGET } from "./versions";

/** Of the gardenlet: what is created is reconciled at once. */
const SPEED = 1_000;

export const phases = [
  "preview, pending",
  "preview, nothing pending",
  "up, nothing pending",
  "refresh",
] as const;
export type Phase = (typeof phases)[number];

/** The file of the process that is the garden. */
export const gardenKinds = { sandbox: "garden.ts", real: "realGarden.ts" } as const;
export type GardenKind = keyof typeof gardenKinds;

export interface Scenario extends Landscape {
  readonly garden: GardenKind;
  readonly below: FloorKind;
  /** Whether the user gets kubeconfigs for the Shoots, for the preflight checks. */
  readonly clusters: boolean;
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
  /** Median seconds of a run: of the program's process and of the provider's over the floor's, and of the garden's. */
  readonly processor: { readonly program: number; readonly provider: number; readonly garden: number };
  /** Seconds of a script with kubectl that finds out the same; absent where it would not, or where there is no kubectl. */
  readonly kubectl?: number;
  /** Of one run of ours, by what was asked. */
  readonly requests: Readonly<Record<string, number>>;
}

export async function measure(scenario: Scenario, engine: Engine): Promise<readonly Measurement[]> {
  const observer = await observeProcesses();
  const stacks: Stack[] = [];
  const gardens: DistantGarden[] = [];
  const open = async (name: string) => {
    const stack = await openStack({ program: () => Promise.resolve(), name, engine });
    stacks.push(stack);
    return stack;
  };
  try {
    for (let garden = 0; garden < scenario.gardens; garden++) gardens.push(await startGarden(scenario));
    const [below, ours] = [await open("floor"), await open("ours")];
    const files = await Promise.all(gardens.map(({ kubeconfig }, index) => kept(ours, index, kubeconfig)));
    const { env } = observer;
    below.use(floor(scenario.below, scenario, RUNS));
    ours.use(shootVersions(scenario, RUNS, files));
    succeeded(await below.up());
    succeeded(await ours.up({ env }));
    const results: Measurement[] = [];
    for (const phase of phases) {
      const version = phase === "preview, pending" ? PENDING : RUNS;
      below.use(floor(scenario.below, scenario, version));
      ours.use(shootVersions(scenario, version, files));
      const times: { floor: number[]; ours: number[] } = { floor: [], ours: [] };
      let requests: Record<string, number> = {};
      const uses: { floor: ProcessUse[]; ours: ProcessUse[] } = { floor: [], ours: [] };
      const program: { floor: number[]; ours: number[] } = { floor: [], ours: [] };
      const ofGarden: number[] = [];
      await observer.take();
      for (let run = 0; run < scenario.runs; run++) {
        let began = processorSeconds();
        times.floor.push(await seconds(() => act(below, phase, { env: observer.env })));
        program.floor.push(processorSeconds() - began);
        uses.floor.push(await observer.take());
        const before = await askGardens(gardens);
        began = processorSeconds();
        times.ours.push(await seconds(() => act(ours, phase, { env })));
        program.ours.push(processorSeconds() - began);
        uses.ours.push(await observer.take());
        const after = await askGardens(gardens);
        requests = counted(after.requests);
        ofGarden.push(after.processorSeconds - before.processorSeconds);
      }
      results.push({
        ...scenario,
        phase,
        floor: figure(times.floor),
        ours: figure(times.ours),
        use: { floor: most(uses.floor), ours: most(uses.ours) },
        processor: {
          program: figure(program.ours).median - figure(program.floor).median,
          provider: median(uses.ours) - median(uses.floor),
          garden: figure(ofGarden).median,
        },
        kubectl:
          phase === "preview, pending" && scenario.projects * scenario.gardens === 1
            ? await measureKubectl(files[0] ?? "", scenario.shoots, TARGET)
            : undefined,
        requests,
      });
    }
    return results;
  } finally {
    for (const stack of stacks) await stack.close();
    await observer.close();
    await Promise.all(gardens.map((garden) => garden.stop()));
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

async function seconds(run: () => ReturnType<Stack["up"]>): Promise<number> {
  const began = process.hrtime.bigint();
  succeeded(await run());
  return Number(process.hrtime.bigint() - began) / 1e9;
}

function succeeded({ ok, stdout, stderr }: Awaited<ReturnType<Stack["up"]>>): void {
  if (!ok) throw new Error(`A run of the engine failed:\n${stdout}\n${stderr}`);
}

interface GardenUse {
  /** By what was asked, since the last question. */
  readonly requests: readonly string[];
  /** Of its process, since its start. */
  readonly processorSeconds: number;
}

interface DistantGarden {
  readonly kubeconfig: string;
  ask(): Promise<GardenUse>;
  stop(): Promise<void>;
}

async function startGarden(scenario: Scenario): Promise<DistantGarden> {
  const { garden: kind, shoots, projects, clusters, distanceMs } = scenario;
  const garden = await startChild(gardenKinds[kind], [shoots, SPEED, projects, Number(clusters)]);
  const { kubeconfig, url } = addressOf(garden.first);
  const relay = await startChild("relay.ts", [new URL(url).port, distanceMs / 2]);
  return {
    kubeconfig:
      distanceMs === 0 ? kubeconfig : kubeconfig.replace(url, `https://127.0.0.1:${String(relay.first)}`),
    async ask() {
      const message = await garden.ask();
      const { requests, processorSeconds: used } = isRecord(message) ? message : {};
      return {
        requests: Array.isArray(requests) ? requests.map(String) : [],
        processorSeconds: Number(used ?? 0),
      };
    },
    async stop() {
      await Promise.all([relay.stop(), garden.stop()]);
    },
  };
}

async function kept({ folder }: Stack, index: number, kubeconfig: string): Promise<string> {
  const file = join(folder, `garden-${String(index)}.yaml`);
  await writeFile(file, kubeconfig, { mode: 0o600 });
  return file;
}

async function askGardens(gardens: readonly DistantGarden[]): Promise<GardenUse> {
  const answers = await Promise.all(gardens.map((garden) => garden.ask()));
  return {
    requests: answers.flatMap(({ requests }) => requests),
    processorSeconds: answers.reduce((sum, { processorSeconds: used }) => sum + used, 0),
  };
}

function median(uses: readonly ProcessUse[]): number {
  return figure(uses.map(({ processorSeconds: used }) => used)).median;
}

function counted(requests: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of requests) counts[request] = (counts[request] ?? 0) + 1;
  return counts;
}
