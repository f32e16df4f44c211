/** Many seeds, a bounded number of runs at a time. */
import { runSeed, type Report } from "./run";

/** Most of a run is waiting. */
const AT_ONCE = 4;

/** Hands on each report as it comes. */
export async function runSeeds(seeds: readonly number[], report: (report: Report) => void): Promise<void> {
  const left = [...seeds];
  const worker = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) report(await runSeed(seed));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export function seedsFrom(first: number, howMany: number): readonly number[] {
  return Array.from({ length: howMany }, (_, index) => first + index);
}
