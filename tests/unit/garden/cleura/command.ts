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
  const overrides = {
    CLEURA_API_URL: "endpoint",
    CLEURA_CLOUD: "cloud",
    CLEURA_API_USERNAME: "username",
    CLEURA_API_TOKEN: "token",
    CLEURA_REGION: "region",
    CLEURA_PROJECT_ID: "project_id",
  };
  const text = typeof prints === "string" ? prints : JSON.stringify({ ...handOff, ...prints });
  const lines = [
    `#!${process.execPath}`,
    `if (process.argv.slice(2).join(" ") !== "config get-credentials") process.exit(64);`,
    `let text = ${JSON.stringify(text)};`,
    // As the real one does: what is set in its environment beats its profile.
    `for (const [name, key] of Object.entries(${JSON.stringify(overrides)}))`,
    `  if (process.env[name] && text.startsWith("{")) text = JSON.stringify({ ...JSON.parse(text), [key]: process.env[name] });`,
    `process.stdout.write(text);`,
    `process.stderr.write("stderr-of-cleura\\n");`,
    `process.exitCode = ${exitCode};`,
  ];
  const file = await folder.write("cleura", lines.join("\n"));
  await chmod(file, 0o700);
  return path.dirname(file);
}
