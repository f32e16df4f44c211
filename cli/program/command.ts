/** `pulumi-gardener program`. */
import { access, mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Command } from "commander";
import { createGardens } from "../../provider/garden/gardens";
import { LIST_MS } from "../../provider/garden/namespaceReads";
import { systemClock } from "../../provider/model/clock";
import { UserError } from "../../provider/model/problem";
import { printable } from "../../provider/model/text";
import { ExitCode } from "../exitCodes";
import { notWritten, progressOn, type Io } from "../io";
import { locationOf, textOf, type Values } from "../options";
import { readGarden } from "../report/read";
import { generate } from "./generate";
import { projectFiles } from "./project";

const DEFAULT_NAME = "clusters";

export function addProgramOptions(command: Command): void {
  command
    .option("--out <folder>", "folder for the program with its Pulumi.yaml, package.json and tsconfig.json")
    .option("--name <name>", `name of the Pulumi project in that folder (default: ${DEFAULT_NAME})`);
}

export async function runProgram(values: Values, io: Io): Promise<ExitCode> {
  const { location, scopes } = locationOf(values);
  const name = projectName(textOf(values, "name") ?? DEFAULT_NAME);
  const garden = await createGardens(systemClock, LIST_MS).open(location, {
    config: () => undefined,
    env: io.env,
  });
  const progress = progressOn(io);
  const read = await readGarden(garden, { scopes, progress: progress.show }).finally(progress.clear);
  const { capabilities } = garden;
  const { source, leftOut } = generate(read.shoots, { location, capabilities, now: io.now() });
  const folder = textOf(values, "out");
  if (folder === undefined) io.stdout.write(source);
  else await writeFiles(folder, projectFiles(name, source));
  const missing = [
    ...leftOut.map((text) => `left out: ${text}`),
    ...read.notVisible.map(({ what, reason }) => `not visible: ${what}: ${reason}`),
  ];
  for (const text of missing) io.stderr.write(`pulumi-gardener: ${printable(text)}\n`);
  return missing.length === 0 ? ExitCode.Success : ExitCode.NotVisible;
}

/** As Pulumi accepts it (sdk/go/common/tokens/project.go). */
function projectName(name: string): string {
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw new UserError(
    "GU021",
    `expected up to 100 letters, digits, ".", "_" and "-", found ${JSON.stringify(name.slice(0, 40))}`,
    { property: "--name" },
  );
}

/** All or none: what is in the folder stays. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const name of files.keys()) {
    const file = path.join(folder, name);
    if (await exists(file)) throw notWritten(file, new Error("it exists"));
  }
  for (const [name, content] of files) {
    const file = path.join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(file, content, { flag: "wx" });
    } catch (error) {
      throw notWritten(file, error);
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
