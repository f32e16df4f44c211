/** The Pulumi CLI, built from its Go module. */
import { access, copyFile, cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder, cliVersion, moduleFolder, moduleHash } from "./cache";
import { run } from "./process";

const MINUTES = 60_000;
const LAUNCHER = "pulumi-resource-pulumi-nodejs";

function buildFolder(): string {
  return path.join(cacheFolder(), `build-${cliVersion()}-${moduleHash()}`);
}

export async function cachedBuild(): Promise<string | undefined> {
  const root = buildFolder();
  return access(path.join(root, "bin", "pulumi")).then(
    () => root,
    () => undefined,
  );
}

/** @param launchers the folder with the launcher of dynamic providers, which belongs beside the CLI. */
export async function buildFromGo(
  launchers: string,
  log: (line: string) => void,
): Promise<string | undefined> {
  if (!(await run("go", ["version"])).ok) return undefined;
  log(
    `No Pulumi CLI here: building ${cliVersion()} from its Go module into ${cacheFolder()}, once; ` +
      "4 to 5 minutes on two cores.",
  );
  const temporary = await mkdtemp(path.join(cacheFolder(), "build-"));
  try {
    const source = path.join(temporary, "source");
    const bin = path.join(temporary, "bin");
    await cp(moduleFolder, source, { recursive: true });
    await mkdir(bin);
    await copyFile(path.join(launchers, LAUNCHER), path.join(bin, LAUNCHER));
    const built = await run("go", buildArguments(path.join(bin, "pulumi")), {
      cwd: source,
      env: { ...process.env, GOWORK: "off" },
      timeout: 30 * MINUTES,
    });
    if (!built.ok) {
      log(`The Pulumi CLI could not be built: ${built.stderr.trim().split("\n").slice(-5).join("\n")}`);
      return undefined;
    }
    await rename(temporary, buildFolder());
    return buildFolder();
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function buildArguments(output: string): readonly string[] {
  // The Automation API refuses a CLI that does not know its version.
  const stamp = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${cliVersion()}`;
  return [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    `-ldflags=-s -w -X ${stamp}`,
    "-o",
    output,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ];
}
