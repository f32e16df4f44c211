/** Builds the real Gardener's programs from published Go modules, once for each set of versions. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { withLock } from "./lock";

const execute = promisify(execFile);

const GO_MODULE = join(__dirname, "go");
const ENVIRONMENT = join("cmd", "garden-environment");

/** The version that kube-apiserver reports: gardener-controller-manager requires at least 1.32, and reads the minor alone. */
const KUBERNETES = { gitVersion: "v1.36.3", gitMajor: "1", gitMinor: "36" };
const STAMPS = Object.entries(KUBERNETES).map(
  ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
);

interface Program {
  readonly file: string;
  readonly package: string;
  readonly linker: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  { file: "etcd", package: "go.etcd.io/etcd/server/v3", linker: [] },
  { file: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver", linker: STAMPS },
  {
    file: "gardener-controller-manager",
    package: "github.com/gardener/gardener/cmd/gardener-controller-manager",
    linker: [],
  },
];

export type Build =
  | {
      readonly kind: "built";
      /** Folder of etcd, kube-apiserver and gardener-controller-manager. */
      readonly programs: string;
      /** Our own program, which starts the others. */
      readonly environment: string;
    }
  /** Nothing can be built here; not an error of the project. */
  | { readonly kind: "noGo"; readonly reason: string };

export function cacheFolder(): string {
  const xdg = process.env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && xdg !== "" ? xdg : join(homedir(), ".cache");
  return join(base, "pulumi-gardener", "garden");
}

/** Builds what the cache lacks. Two builders at a time: the second waits and finds everything there. */
export async function buildGarden(log: (line: string) => void): Promise<Build> {
  const folder = join(cacheFolder(), await keyOf(["go.mod", "go.sum"], JSON.stringify(PROGRAMS)));
  const sources = (await readdir(join(GO_MODULE, ENVIRONMENT))).sort().map((file) => join(ENVIRONMENT, file));
  // Our own program changes more often than Gardener's version: it has a key of its own.
  const own = { file: `garden-environment-${await keyOf(sources)}`, package: `./${ENVIRONMENT}`, linker: [] };
  const built: Build = { kind: "built", programs: folder, environment: join(folder, own.file) };
  const all: readonly Program[] = [...PROGRAMS, own];

  if ((await missing(folder, all)).length === 0) return built;
  const go = await goVersion();
  if (go.kind === "none") return { kind: "noGo", reason: go.reason };

  await mkdir(folder, { recursive: true });
  await withLock(join(folder, "lock"), log, async () => {
    const programs = await missing(folder, all);
    if (programs.length === 0) return;
    log(
      `Building ${programs.map((program) => program.file).join(", ")} with ${go.version} in ${folder}. ` +
        "Without a warm Go build cache this can take 15 minutes on two cores; it is done once.",
    );
    for (const program of programs) {
      const started = Date.now();
      await build(folder, program);
      log(`Built ${program.file} in ${String(Math.round((Date.now() - started) / 1000))} s.`);
    }
  });
  return built;
}

async function build(folder: string, program: Program): Promise<void> {
  const temporary = join(folder, `.${program.file}.${String(process.pid)}`);
  const linker = ["-s", "-w", ...program.linker].join(" ");
  const command = ["go", "build", "-p", "2", "-trimpath", "-buildvcs=false", "-ldflags", linker];
  try {
    // Niced: a build must not slow down other work on the machine.
    await execute("nice", ["-n", "10", ...command, "-o", temporary, program.package], {
      cwd: GO_MODULE,
      env: { ...process.env, CGO_ENABLED: "0" },
      maxBuffer: 64 * 1024 * 1024,
    });
    await rename(temporary, join(folder, program.file));
  } catch (error) {
    throw new Error(`Go could not build ${program.file}: ${outputOf(error)}`, { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function missing(folder: string, programs: readonly Program[]): Promise<readonly Program[]> {
  const found = await Promise.all(
    programs.map((program) =>
      access(join(folder, program.file), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return programs.filter((_, index) => found[index] !== true);
}

type Go =
  { readonly kind: "go"; readonly version: string } | { readonly kind: "none"; readonly reason: string };

/** Asked in the module, where Go refuses, or fetches a newer self, when it is too old for go.mod. */
async function goVersion(): Promise<Go> {
  try {
    const { stdout } = await execute("go", ["env", "GOVERSION"], { cwd: GO_MODULE });
    return { kind: "go", version: stdout.trim() };
  } catch (error) {
    return { kind: "none", reason: `Go 1.26 or newer is needed on PATH: ${outputOf(error)}` };
  }
}

async function keyOf(files: readonly string[], ...more: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(join(GO_MODULE, file)));
  for (const text of more) hash.update(text);
  return hash.digest("hex").slice(0, 16);
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const output = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return output === "" ? error.message : output;
}
