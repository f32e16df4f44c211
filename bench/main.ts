/** `npm run bench`: what a run costs over the least that the engine does for as many resources. */
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { findEngine } from "../tools/engine/engine";
import { table, type Figure } from "./figures";
import { measure, type Measurement } from "./scenario";

const { values } = parseArgs({
  options: {
    shoots: { type: "string", default: "1,10,100" },
    distance: { type: "string", default: "0,60" },
    runs: { type: "string", default: "3" },
    json: { type: "string" },
  },
});

const numbers = (text: string) => text.split(",").map(Number);
const text = ({ median, least, most }: Figure) =>
  `${median.toFixed(2)} s (${least.toFixed(2)}–${most.toFixed(2)})`;

function row({ shoots, distanceMs, phase, floor, ours, requests }: Measurement): readonly string[] {
  const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return [
    String(shoots),
    `${String(distanceMs)} ms`,
    phase,
    text(floor),
    text(ours),
    (ours.median / floor.median).toFixed(2),
    `${(ours.median - floor.median).toFixed(2)} s`,
    String(all),
  ];
}

async function main(): Promise<void> {
  const engine = await findEngine();
  const measurements: Measurement[] = [];
  for (const shoots of numbers(values.shoots)) {
    for (const distanceMs of numbers(values.distance)) {
      process.stderr.write(`${String(shoots)} Shoots, ${String(distanceMs)} ms …\n`);
      measurements.push(...(await measure({ shoots, distanceMs, runs: Number(values.runs) }, engine)));
    }
  }
  const head = ["Shoots", "round trip", "run", "floor", "ours", "ratio", "over the floor", "requests"];
  const machine = `${String(cpus().length)} processors, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}, Pulumi ${engine.version}`;
  process.stdout.write(`${machine}\n\n${table(head, measurements.map(row))}\n`);
  for (const { shoots, distanceMs, phase, requests } of measurements) {
    process.stdout.write(
      `\n${String(shoots)} Shoots, ${String(distanceMs)} ms, ${phase}: ${JSON.stringify(requests)}`,
    );
  }
  process.stdout.write("\n");
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ machine, measurements }, undefined, 2)}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
