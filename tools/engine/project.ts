import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import { dump, load } from "js-yaml";
import { isRecord } from "../../provider/model/json";
import type { PulumiFn } from "@pulumi/pulumi/automation";

export const repository = path.join(__dirname, "..", "..");

export interface Project {
  /** A Pulumi.yaml that works in every folder. */
  readonly settings: string;
  /** The program, where it was given as a function. */
  readonly inline?: PulumiFn;
  /** The program in the folder, for an engine that has no host to run it. */
  readonly loaded?: PulumiFn;
}

/**
 * @param program a function, or the folder of a Pulumi.yaml.
 * @param cwd working folder of a program that is a function; a project's program has its own folder.
 */
export async function readProject(
  program: PulumiFn | string,
  cwd: string,
  name: string | undefined,
): Promise<Project> {
  if (typeof program === "function") {
    return { settings: dump({ name: name ?? "test", runtime: "nodejs", main: cwd }), inline: program };
  }
  const root = path.resolve(program);
  const settings: unknown = load(await readFile(path.join(root, "Pulumi.yaml"), "utf8"));
  if (!isRecord(settings)) throw new Error(`${root}/Pulumi.yaml is no project`);
  const main = path.join(root, typeof settings["main"] === "string" ? settings["main"] : "");
  return {
    settings: dump({ ...settings, ...(name !== undefined && { name }), main }),
    loaded: programIn(main),
  };
}

/**
 * Loads the program anew each time, as its own process would. Its exports are the stack's outputs, or what the function returns
 * that it exports.
 */
function programIn(folder: string): PulumiFn {
  return async () => {
    const load = createRequire(path.join(folder, "package.json"));
    for (const file of Object.keys(load.cache)) {
      if (isWithin(folder, file)) delete load.cache[file];
    }
    const exported: unknown = load(folder);
    const outputs: unknown =
      typeof exported === "function" ? await Reflect.apply(exported, undefined, []) : exported;
    return typeof outputs === "object" ? { ...outputs } : {};
  };
}

function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith("..") && !relative.split(path.sep).includes("node_modules");
}
