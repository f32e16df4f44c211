/** Finds the Pulumi engine that tests and the demo run on. */
import { access, constants, realpath } from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder, cliVersion } from "./cache";
import { buildFromGo, cachedBuild } from "./go";
import { withLock } from "./lock";
import { cachedRelease, fetchFromNpm } from "./npm";
import { minimumVersion, versionOf } from "./version";

export interface Engine {
  /** Folder with `bin/pulumi`; absent where `pulumi` is found on PATH. */
  readonly root?: string;
  readonly version: string;
  /** Folders that must be on PATH, before all others, while the CLI runs. */
  readonly folders: readonly string[];
  /** Whether the CLI can run a Node.js program by itself: else programs run inline. */
  readonly languageHost: boolean;
}

const LAUNCHER = "pulumi-resource-pulumi-nodejs";
const LANGUAGE_HOST = "pulumi-language-nodejs";

let found: Promise<Engine> | undefined;

/** @param log receives what takes long, and nothing else. */
export function findEngine(log: (line: string) => void = console.error): Promise<Engine> {
  found ??= searchEngine(log);
  return found;
}

/** Looks anew, in the order: PATH, cache, Pulumi's release by way of npm, a build of one's own. */
export async function searchEngine(log: (line: string) => void): Promise<Engine> {
  const onPath = await which("pulumi");
  if (onPath !== undefined) {
    const version = await versionOf(onPath);
    if (version !== undefined) return engineAt(onPath, version);
  }
  const root =
    (await cached()) ??
    (await withLock(path.join(cacheFolder(), "lock"), log, async () => {
      return (await cached()) ?? (await fetchFromNpm(log)) ?? (await buildFromGo(launcherFolder(), log));
    }));
  if (root !== undefined) return engineAt(path.join(root, "bin", "pulumi"), cliVersion(), root);
  throw new Error(
    `No Pulumi engine: found no \`pulumi\` of version ${minimumVersion} or later on PATH, could not fetch the ` +
      `npm package \`pulumi\`, and could not build ${cliVersion()} from its Go module. ` +
      "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or Go 1.25.11 or later.",
  );
}

async function cached(): Promise<string | undefined> {
  return (await cachedRelease()) ?? (await cachedBuild());
}

async function engineAt(command: string, version: string, root?: string): Promise<Engine> {
  // The CLI looks for its parts on PATH and beside its real executable.
  const beside = path.dirname(await realpath(command));
  const has = async (file: string) =>
    (await isExecutable(path.join(beside, file))) || (await which(file)) !== undefined;
  return {
    root,
    version,
    folders: (await has(LAUNCHER)) ? [] : [launcherFolder()],
    languageHost: await has(LANGUAGE_HOST),
  };
}

/** The launcher of dynamic providers ships in the root of the SDK. */
function launcherFolder(): string {
  return path.dirname(require.resolve("@pulumi/pulumi/package.json"));
}

async function which(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (folder !== "" && (await isExecutable(file))) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
