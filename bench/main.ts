/** `npm run bench`: what a run costs over the least that the engine does for as many resources, and parts of it alone. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findEngine } from "../tools/engine/engine";
import { table, type Figure } from "./figures";
import { floorKinds, isFloorKind, type FloorKind } from "./floors";
import { measurePlanning } from "./planning";
import { measurePreflight } from "./preflight";
import { measureRollouts } from "./rollouts";
import { shootsOf } from "./programs";
import { gardenKinds, measure, type GardenKind, type Measurement, type Scenario } from "./scenario";
import { measureImport } from "./startup";

const PARTS = ["runs", "rollouts", "planning", "preflight", "import"] as const;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: PARTS.join() },
    shoots: { type: "string", default: "1,10,100" },
    projects: { type: "string", default: "1" },
    gardens: { type: "string", default: "1" },
    garden: { type: "string", default: "sandbox" },
    floor: { type: "string", default: "least" },
    clusters: { type: "string" },
    distance: { type: "string", default: "0,60" },
    runs: { type: "string", default: "3" },
    json: { type: "string" },
  },
});

const numbers = (text: string) => text.split(",").map(Number);
const seconds = ({ median, least, most }: Figure) =>
  `${median.toFixed(2)} s (${least.toFixed(2)}–${most.toFixed(2)})`;
const milliseconds = ({ median, least, most }: Figure) =>
  `${(median * 1_000).toFixed(1)} ms (${(least * 1_000).toFixed(1)}–${(most * 1_000).toFixed(1)})`;
const print = (text: string) => void process.stdout.write(`${text}\n`);
const note = (text: string) => void process.stderr.write(`${text} …\n`);

function row(measurement: Measurement): readonly string[] {
  const { distanceMs, phase, floor, ours, use, processor, kubectl, requests } = measurement;
  // The real Gardener counts nothing.
  const isCounted = measurement.garden === "sandbox";
  const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return [
    String(shootsOf(measurement)),
    `${String(distanceMs)} ms`,
    phase,
    seconds(floor),
    seconds(ours),
    (ours.median / floor.median).toFixed(2),
    `${(ours.median - floor.median).toFixed(2)} s`,
    isCounted ? String(all) : "",
    `+${(use.ours.memoryMiB - use.floor.memoryMiB).toFixed(0)} MiB`,
    `${use.floor.pauseMs.toFixed(0)} / ${use.ours.pauseMs.toFixed(0)} ms`,
    `${use.floor.busyMs.toFixed(0)} / ${use.ours.busyMs.toFixed(0)} ms`,
    [processor.program, processor.provider, ...(isCounted ? [processor.garden] : [])]
      .map((used) => used.toFixed(1))
      .join(" / ") + " s",
    kubectl === undefined ? "" : `${kubectl.toFixed(1)} s`,
  ];
}

function gardenKind(): GardenKind {
  const { garden } = values;
  if (garden === "sandbox" || garden === "real") return garden;
  throw new Error(`--garden: expected ${Object.keys(gardenKinds).join(" or ")}; found ${garden}`);
}

function floorKind(): FloorKind {
  if (isFloorKind(values.floor)) return values.floor;
  throw new Error(`--floor: expected ${Object.keys(floorKinds).join(" or ")}; found ${values.floor}`);
}

function readsClusters(kind: GardenKind): boolean {
  const { clusters } = values;
  switch (clusters) {
    case undefined:
      return kind === "sandbox";
    case "unreadable":
      return false;
    case "readable":
      if (kind === "real")
        throw new Error("--clusters: expected unreadable with --garden=real; found readable");
      return true;
    default:
      throw new Error(`--clusters: expected readable or unreadable; found ${clusters}`);
  }
}

async function runs(): Promise<readonly Measurement[]> {
  const [kind, below] = [gardenKind(), floorKind()];
  const clusters = readsClusters(kind);
  const engine = await findEngine();
  const measurements: Measurement[] = [];
  for (const shoots of numbers(values.shoots)) {
    for (const distanceMs of numbers(values.distance)) {
      note(`Runs of ${String(shoots)} Shoots, ${String(distanceMs)} ms`);
      const [projects, gardens] = [Number(values.projects), Number(values.gardens)];
      const scenario: Scenario = {
        ...{ garden: kind, below, shoots, projects, gardens, distanceMs },
        clusters,
        runs: Number(values.runs),
      };
      measurements.push(...(await measure(scenario, engine)));
    }
  }
  const head = [
    "Shoots",
    "round trip",
    "run",
    `floor (${values.floor})`,
    "ours",
    "ratio",
    "over the floor",
    "requests",
    "memory",
    "longest pause, floor / ours",
    "of processor time",
    "processor time, program / provider / garden",
    "kubectl",
  ];
  print(`\nPulumi ${engine.version}\n\n${table(head, measurements.map(row))}`);
  for (const { garden, shoots, distanceMs, phase, requests } of measurements) {
    if (garden === "sandbox")
      print(`\n${String(shoots)} Shoots, ${String(distanceMs)} ms, ${phase}: ${JSON.stringify(requests)}`);
  }
  return measurements;
}

async function rollouts() {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const measurements = [];
  try {
    for (const shoots of numbers(values.shoots)) {
      note(`Rollouts of ${String(shoots)} Shoots`);
      measurements.push(await measureRollouts(shoots, folder));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const head = [
    "Shoots at once",
    "p50",
    "p95",
    "most",
    "duration",
    "requests per Shoot and minute",
    "watches",
  ];
  const rows = measurements.map(({ shoots, latency, seconds: duration, requests, watches }) => [
    String(shoots),
    `${latency.p50.toFixed(0)} ms`,
    `${latency.p95.toFixed(0)} ms`,
    `${latency.most.toFixed(0)} ms`,
    `${duration.toFixed(0)} s`,
    requests.toFixed(1),
    String(watches),
  ]);
  print(`\nFrom the garden's last signal to the end of a rollout\n\n${table(head, rows)}`);
  return measurements;
}

async function main(): Promise<void> {
  const parts = values.only.split(",");
  const unknown = parts.filter((part) => !PARTS.some((known) => known === part));
  if (unknown.length > 0)
    throw new Error(`--only: expected ${PARTS.join(", ")}; found ${unknown.join(", ")}`);
  const machine = `${String(cpus().length)} processors, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}`;
  print(machine);
  const report = {
    machine,
    runs: parts.includes("runs") ? await runs() : undefined,
    rollouts: parts.includes("rollouts") ? await rollouts() : undefined,
    planning: parts.includes("planning") ? measurePlanning() : undefined,
    preflight: parts.includes("preflight") ? await measurePreflight() : undefined,
    import: parts.includes("import") ? await measureImport() : undefined,
  };
  if (report.planning !== undefined) {
    print(`\nPlanning a Shoot with 50 worker pools on 300 versions: ${milliseconds(report.planning)}`);
  }
  if (report.preflight !== undefined) {
    print(`\nPreflight checks of 100 nodes and 3,000 pods at 60 ms: ${seconds(report.preflight)}`);
  }
  if (report.import !== undefined) {
    print(`\nImporting the package, over @pulumi/pulumi: ${milliseconds(report.import)}`);
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
