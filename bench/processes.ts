/** What the provider's processes have used, as observe.cjs has seen them. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../provider/model/json";

export interface ProcessUse {
  /** The most that was resident. */
  readonly memoryMiB: number;
  /** Of the event loop, the longest since the process could be called: our modules are loaded in it. */
  readonly pauseMs: number;
  /** The most processor time in one of these pauses: in the rest of a longer one it waited, for a processor or for a file. */
  readonly busyMs: number;
  /** Processor time, user and system. */
  readonly processorSeconds: number;
}

export interface Observer {
  /** For the engine. */
  readonly env: Readonly<Record<string, string>>;
  /** The most of the processes since the last call. */
  take(): Promise<ProcessUse>;
  close(): Promise<void>;
}

export async function observeProcesses(): Promise<Observer> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  return {
    env: {
      NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "observe.cjs"))}`,
      BENCH_PROCESSES: folder,
    },
    async take() {
      const files = (await readdir(folder)).map((name) => join(folder, name));
      const uses = await Promise.all(files.map(useIn));
      await Promise.all(files.map((file) => rm(file)));
      return most(uses);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** The most of each. */
export function most(uses: readonly ProcessUse[]): ProcessUse {
  return {
    memoryMiB: Math.max(...uses.map(({ memoryMiB }) => memoryMiB)),
    pauseMs: Math.max(...uses.map(({ pauseMs }) => pauseMs)),
    busyMs: Math.max(...uses.map(({ busyMs }) => busyMs)),
    processorSeconds: Math.max(...uses.map(({ processorSeconds }) => processorSeconds)),
  };
}

async function useIn(file: string): Promise<ProcessUse> {
  const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
  const { memoryMiB, pauseMs, busyMs, processorSeconds } = isRecord(parsed) ? parsed : {};
  return {
    memoryMiB: Number(memoryMiB),
    pauseMs: Number(pauseMs),
    busyMs: Number(busyMs),
    processorSeconds: Number(processorSeconds),
  };
}

/** Processor time of this process until now, user and system. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
