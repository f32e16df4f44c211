/** Where a Pulumi CLI is kept between runs: outside the repository, keyed by what it was made from. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

/** The Go module that the CLI is built from; its go.mod has the version. */
export const moduleFolder = path.join(__dirname, "cli");

export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return path.join(base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), ".cache"), name);
}

const name = "pulumi-gardener";

export function cliVersion(): string {
  const version = /pulumi\/pkg\/v3 v(\S+)/.exec(moduleFile("go.mod"))?.[1];
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod names no version of the Pulumi CLI`);
  return version;
}

/** Changes whenever anything that the CLI is built from does. */
export function moduleHash(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(moduleFile(file));
  return hash.digest("hex").slice(0, 12);
}

function moduleFile(file: string): string {
  return readFileSync(path.join(moduleFolder, file), "utf8");
}
