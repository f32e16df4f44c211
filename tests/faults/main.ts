/**
 * `npm run test:faults`: many seeded runs, in as many processes as there are cores. `FAULTS_SEED=…`
 * replays one of them, `FAULTS_LOG=1` shows all that happened in those that failed, `FAULTS_RUNS` and
 * `FAULTS_FIRST` are how many and from which seed on.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { explain, runSeed, type Report } from "./run";
import { runSeeds, seedsFrom } from "./seeds";

const RUNS = Number(process.env["FAULTS_RUNS"] ?? "1000");
const FIRST = Number(process.env["FAULTS_FIRST"] ?? "1");
const MOST_PROCESSES = 4;

/** What a child process sends for each run. */
interface Ended {
  readonly violated: boolean;
  readonly endedWithError: boolean;
  readonly text: string;
}

async function parent(): Promise<void> {
  const processes = Math.max(1, Math.min(availableParallelism(), MOST_PROCESSES));
  const began = performance.now();
  let [done, violated, errors] = [0, 0, 0];

  function take(ended: Ended): void {
    done += 1;
    if (ended.endedWithError) errors += 1;
    if (ended.violated) {
      violated += 1;
      process.stdout.write(ended.text);
    }
    if (done % 50 === 0) process.stdout.write(`${done} of ${RUNS} runs, ${violated} against an invariant\n`);
  }

  const codes = await Promise.all(
    Array.from({ length: processes }, (_, index): Promise<unknown> => {
      const share = seedsFrom(FIRST, RUNS).filter((seed) => seed % processes === index);
      const child = fork(__filename, ["--seeds", share.join()], { execArgv: process.execArgv });
      child.on("message", take);
      return new Promise((resolve) => child.once("exit", resolve));
    }),
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `${done} of ${RUNS} runs in ${seconds} s: ${violated} against an invariant; in ${errors} the disturbed \`up\` ended with an error\n`,
  );
  if (violated > 0 || done < RUNS || codes.some((code) => code !== 0)) process.exitCode = 1;
}

async function child(seeds: readonly number[]): Promise<void> {
  await runSeeds(seeds, (report) => process.send?.(endedOf(report)));
  process.disconnect();
}

function endedOf(report: Report): Ended {
  return {
    violated: report.violations.length > 0,
    endedWithError: report.ends.some((end) => end.startsWith("disturbed") && end.includes(" failed: ")),
    text: `${explain(report)}\n`,
  };
}

async function replay(seed: number): Promise<void> {
  process.env["FAULTS_LOG"] ??= "1";
  const report = await runSeed(seed);
  process.stdout.write(`${explain(report)}\n`);
  if (report.violations.length > 0) process.exitCode = 1;
}

function task(): Promise<void> {
  const [flag, list = ""] = process.argv.slice(2);
  const seed = process.env["FAULTS_SEED"];
  if (flag === "--seeds")
    return child(list.split(",").flatMap((text) => (text === "" ? [] : [Number(text)])));
  return seed === undefined ? parent() : replay(Number(seed));
}

task().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
