/**
 * `npm run test:faults`: many seeded runs, in as many processes as there are cores. `FAULTS_SEED=…`
 * replays one of them, `FAULTS_LOG=1` tells all that happened in those that failed, `FAULTS_RUNS` and
 * `FAULTS_FIRST` are how many and from which seed on.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { explain, runSeed, type Report } from "./run";

const RUNS = Number(process.env["FAULTS_RUNS"] ?? "1000");
const FIRST = Number(process.env["FAULTS_FIRST"] ?? "1");
/** Most of a run is waiting. */
export const AT_ONCE = 4;

/** Runs the seeds, so many at a time; tells each report as it comes. */
export async function runSeeds(seeds: readonly number[], tell: (report: Report) => void): Promise<void> {
  const left = [...seeds];
  const worker = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) tell(await runSeed(seed));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface Told {
  readonly violated: readonly string[];
  readonly failedOnce: boolean;
  readonly text: string;
}

async function parent(): Promise<void> {
  const processes = Math.max(1, Math.min(availableParallelism(), 4));
  const seeds = Array.from({ length: RUNS }, (_, index) => FIRST + index);
  const failed: string[] = [];
  let done = 0;
  let ended = 0;
  const began = performance.now();
  const children = Array.from({ length: processes }, (_, index) => {
    const share = seeds.filter((seed) => seed % processes === index);
    const child = fork(__filename, ["--seeds", share.join()], { execArgv: process.execArgv });
    child.on("message", (message: Told) => {
      done += 1;
      if (message.failedOnce) ended += 1;
      if (message.violated.length > 0) {
        failed.push(message.text);
        process.stdout.write(`${message.text}\n`);
      }
      if (done % 50 === 0) process.stdout.write(`${done} of ${RUNS} runs, ${failed.length} failed\n`);
    });
    return once(child, "exit");
  });
  const codes = await Promise.all(children);
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `${done} of ${RUNS} runs in ${seconds} s: ${failed.length} against an invariant, ${ended} in which the disturbed run ended with an error\n`,
  );
  if (failed.length > 0 || done < RUNS || codes.some(([code]) => code !== 0)) process.exitCode = 1;
}

async function child(seeds: readonly number[]): Promise<void> {
  await runSeeds(seeds, (report) => {
    const told: Told = {
      violated: report.violations,
      failedOnce: report.ends.some((end) => end.startsWith("disturbed") && end.includes("failed")),
      text: `${explain(report)}\n`,
    };
    process.send?.(told);
  });
  process.disconnect();
}

async function replay(seed: number): Promise<void> {
  process.env["FAULTS_LOG"] ??= "1";
  const report = await runSeed(seed);
  process.stdout.write(`${explain(report)}\n`);
  if (report.violations.length > 0) process.exitCode = 1;
}

if (require.main === module) {
  const [flag, list] = process.argv.slice(2);
  const seed = process.env["FAULTS_SEED"];
  const task =
    flag === "--seeds"
      ? child((list ?? "").split(",").filter((text) => text !== "").map(Number))
      : seed === undefined
        ? parent()
        : replay(Number(seed));
  task.catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
