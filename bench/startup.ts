/** What importing the package takes over `@pulumi/pulumi`, in processes of their own. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { figure, type Figure } from "./figures";

const RUNS = 9;

/** In seconds. */
export async function measureImport(): Promise<Figure> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await importSeconds());
  return figure(times);
}

async function importSeconds(): Promise<number> {
  const script = `require("@pulumi/pulumi"); const began = performance.now(); require("pulumi-gardener");
    console.log((performance.now() - began) / 1000)`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: join(__dirname, ".."),
  });
  return Number(stdout);
}
