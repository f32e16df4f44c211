/** The package as it is published: packed, and installed in a project of its own. */
import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { version as sdk } from "@pulumi/pulumi/package.json";
import { cacheFolder } from "../../tools/engine/cache";
import { run, type RunOptions } from "../../tools/engine/process";
import { repository } from "../../tools/engine/project";
import { isRecord } from "../../provider/model/json";

const MINUTES = 60_000;
const modules = path.join(repository, "node_modules");

export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Packs what `npm run build` has built. */
export async function pack(folder: string): Promise<Packed> {
  const text = await succeed("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: repository,
  });
  const reports: unknown = JSON.parse(text);
  const report: unknown = Array.isArray(reports) ? reports[0] : undefined;
  if (!isRecord(report) || typeof report["filename"] !== "string" || !Array.isArray(report["files"])) {
    throw new Error(`npm pack reported something else: ${text}`);
  }
  const files = report["files"].map((file: unknown) => (isRecord(file) ? String(file["path"]) : ""));
  return { tarball: path.join(folder, report["filename"]), files };
}

/** An empty project with the package and its peer in it. */
export async function installIn(folder: string): Promise<void> {
  const { tarball } = await pack(folder);
  await writeFile(path.join(folder, "package.json"), '{ "name": "consumer", "private": true }');
  // The newest release of the peer may need a newer Node.js than this package does.
  const packages = [tarball, `@pulumi/pulumi@${sdk}`];
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const installed = await run("npm", ["install", ...flags, ...packages], {
    cwd: folder,
    timeout: 2 * MINUTES,
  });
  if (!installed.ok) await link(tarball, folder);
}

/** Without a registry: the package unpacked, all others linked to those of this repository. */
async function link(tarball: string, folder: string): Promise<void> {
  const target = path.join(folder, "node_modules");
  const own = path.join(target, "pulumi-gardener");
  await rm(target, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  await succeed("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
  for (const name of await readdir(modules)) {
    if (name !== "pulumi-gardener") await symlink(path.join(modules, name), path.join(target, name));
  }
}

/** Another release of Node.js: 22 where this is 20, and 20 where this is newer. Kept in the cache. */
export async function otherNode(): Promise<string> {
  const version = process.versions.node.startsWith("20.") ? "22.23.3" : "20.19.0";
  const folder = path.join(cacheFolder(), `node-${version}`);
  const node = path.join(folder, "node_modules", "node", "bin", "node");
  if (!(await run(node, ["--version"])).ok) {
    await mkdir(folder, { recursive: true });
    // Its install script puts the binary in place, which is a package of the registry as well.
    await writeFile(
      path.join(folder, "package.json"),
      JSON.stringify({ private: true, allowScripts: { node: true } }),
    );
    const flags = ["--no-audit", "--no-fund"];
    await succeed("npm", ["install", ...flags, `node@${version}`], { cwd: folder, timeout: 5 * MINUTES });
  }
  return node;
}

/** Output of a command that must work. */
export async function succeed(
  command: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { ok, stdout, stderr } = await run(command, args, options);
  if (!ok) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

export function copyConsumer(folder: string): Promise<void> {
  return cp(path.join(__dirname, "consumer"), folder, { recursive: true });
}
