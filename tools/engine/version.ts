import { gte, valid } from "semver";
import { run } from "./process";

/** The first CLI that passes on the inputs which a dynamic provider's read returns. */
export const minimumVersion = "3.216.0";

const SECONDS = 1000;

/** The version of a CLI that runs and is new enough. */
export async function versionOf(command: string): Promise<string | undefined> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { ok, stdout } = await run(command, ["version"], { env, timeout: 30 * SECONDS });
  const version = ok ? valid(stdout.trim()) : null;
  return version !== null && gte(version, minimumVersion) ? version : undefined;
}
