/** Pulumi's release, by way of the npm package `pulumi`, which downloads it when it first runs. */
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder, cliVersion } from "./cache";
import { run } from "./process";
import { versionOf } from "./version";

const MINUTES = 60_000;
/** A refusal comes at once; only a download that continues is reported. */
const WORTH_A_LINE_MS = 3_000;

/** Where the package puts a release below `PULUMI_HOME`. */
function releaseFolder(home: string): string {
  return path.join(home, "versions", cliVersion());
}

function home(): string {
  return path.join(cacheFolder(), `release-${cliVersion()}`);
}

export async function cachedRelease(): Promise<string | undefined> {
  return usable(releaseFolder(home()));
}

export async function fetchFromNpm(log: (line: string) => void): Promise<string | undefined> {
  const version = cliVersion();
  const temporary = await mkdtemp(path.join(cacheFolder(), "release-"));
  const slow = setTimeout(() => log(`Downloading the Pulumi CLI ${version} to ${home()}.`), WORTH_A_LINE_MS);
  try {
    await mkdir(path.join(temporary, "npm"));
    const cwd = path.join(temporary, "npm");
    await writeFile(path.join(cwd, "package.json"), '{ "private": true }');
    const install = [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      `pulumi@${version}`,
    ];
    if (!(await run("npm", install, { cwd, timeout: 2 * MINUTES })).ok) return undefined;
    const env = { ...process.env, PULUMI_HOME: temporary, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const script = path.join(cwd, "node_modules", "pulumi", "run.js");
    await run(process.execPath, [script, "version"], { cwd, env, timeout: 8 * MINUTES });
    if ((await usable(releaseFolder(temporary))) === undefined) return undefined;
    await rm(home(), { recursive: true, force: true });
    await rename(temporary, home());
    return releaseFolder(home());
  } finally {
    clearTimeout(slow);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function usable(root: string): Promise<string | undefined> {
  const version = await versionOf(path.join(root, "bin", "pulumi"));
  return version === undefined ? undefined : root;
}
