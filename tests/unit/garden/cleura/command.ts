/** A stand-in for the `cleura` command, on a PATH of its own. */
import { chmod } from "node:fs/promises";
import * as path from "node:path";
import type { Folder } from "../support/kubeconfigs";

/** Prints these fields of its contract, or ends with the exit code. @returns the PATH on which it is found. */
export async function fakeCleura(
  folder: Folder,
  prints: Readonly<Record<string, unknown>> | string,
  exitCode = 0,
): Promise<string> {
  const handOff = {
    version: 1,
    profile: "default",
    endpoint: "https://rest.cleura.cloud",
    username: "jane",
    token: "token-of-cli",
  };
  const text = typeof prints === "string" ? prints : JSON.stringify({ ...handOff, ...prints });
  const lines = [
    `#!${process.execPath}`,
    `if (process.argv.slice(2).join(" ") !== "config get-credentials") process.exit(64);`,
    `process.stdout.write(${JSON.stringify(text)});`,
    `process.stderr.write("stderr-of-cleura\\n");`,
    `process.exitCode = ${exitCode};`,
  ];
  const file = await folder.write("cleura", lines.join("\n"));
  await chmod(file, 0o700);
  return path.dirname(file);
}
