/** Rollouts of a minor on N Shoots at once: from the garden's last signal to the end of the rollout, and the requests. */
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../provider/model/clock";
import { parseDeclaration } from "../provider/declaration/parse";
import { createGardens, type CachedGarden } from "../provider/garden/gardens";
import { READ_MS } from "../provider/garden/namespaceReads";
import { readAndPlan } from "../provider/lifecycle";
import { isRecord } from "../provider/model/json";
import { rollOut } from "../provider/rollout";
import { writeFile } from "node:fs/promises";
import { addressOf, startChild } from "./children";
import { shootNames } from "./names";
import { quantiles, type Quantiles } from "./figures";

/** The speed of the gardenlet at which a rollout takes about a minute. */
const SPEED = 0.1;
/** Then all are written, and wait. */
const WRITTEN_MS = 20_000;

export interface RolloutMeasurement {
  readonly shoots: number;
  /** Milliseconds from the last change of the Shoot that Gardener reports to the end of the rollout. */
  readonly latency: Quantiles;
  readonly seconds: number;
  /** Per Shoot and minute, from when all are written to the end. */
  readonly requests: number;
  readonly watches: number;
}

export async function measureRollouts(shoots: number, folder: string): Promise<RolloutMeasurement> {
  const child = await startChild("garden.ts", [shoots, SPEED]);
  try {
    const file = `${folder}/rollouts.yaml`;
    await writeFile(file, addressOf(child.first).kubeconfig, { mode: 0o600 });
    const gardens = createGardens(systemClock, READ_MS);
    const garden = await gardens.open({ kubeconfig: file }, { config: () => undefined, env: {} });
    const began = performance.now();
    const written = sleep(WRITTEN_MS).then(() => child.ask());
    const ends = new Map(
      await Promise.all(
        shootNames(shoots).map(async (name): Promise<[string, number]> => {
          await roll(garden, name);
          return [name, performance.timeOrigin + performance.now()];
        }),
      ),
    );
    const minutes = (performance.now() - began) / 60_000;
    const reports = [reportOf(await written), reportOf(await child.ask())];
    const signals = (name: string) => reports.flatMap((report) => report.signals[name] ?? []);
    const waiting = reports[1]?.requests.length ?? 0;
    return {
      shoots,
      latency: quantiles(
        [...ends].map(([name, end]) => end - Math.max(...signals(name).filter((at) => at <= end))),
      ),
      seconds: minutes * 60,
      requests: waiting / shoots / (minutes - WRITTEN_MS / 60_000),
      watches: reports.flatMap(({ requests }) => requests).filter((request) => request.startsWith("WATCH"))
        .length,
    };
  } finally {
    await child.stop();
  }
}

async function roll(garden: CachedGarden, name: string): Promise<void> {
  const parsed = parseDeclaration(
    { shoot: { project: "demo-1", name }, kubernetes: { version: "1.34" } },
    name,
  );
  if (parsed.kind === "problems") throw new Error("The declaration of the benchmark is refused.");
  const { declaration } = parsed;
  const { shoot, planned } = await readAndPlan(garden, declaration, new Date());
  if (planned.kind === "refused") throw new Error("The plan of the benchmark is refused.");
  const { target, steps } = planned.plan;
  const outcome = await rollOut(
    { ref: shoot.ref, uid: shoot.uid, target, checked: steps, options: declaration.rollout, label: name },
    {
      garden,
      clock: systemClock,
      status: () => undefined,
      info: () => undefined,
      warn: () => undefined,
    },
  );
  if (outcome.kind !== "done") throw new Error(`The rollout of ${name} ends with ${outcome.kind}.`);
}

interface Report {
  readonly requests: readonly string[];
  /** When the operation or the conditions of each Shoot have changed. */
  readonly signals: Readonly<Record<string, readonly number[]>>;
}

function reportOf(message: unknown): Report {
  const { requests, signals } = isRecord(message) ? message : {};
  const times = Object.entries(isRecord(signals) ? signals : {}).map(([name, list]): [string, number[]] => [
    name,
    Array.isArray(list) ? list.map(Number) : [],
  ]);
  return {
    requests: Array.isArray(requests) ? requests.map(String) : [],
    signals: Object.fromEntries(times),
  };
}
