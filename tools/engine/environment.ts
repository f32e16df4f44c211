import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { Engine } from "./engine";

/** Makes a CLI keep everything in one folder, and download nothing. */
export async function environment(
  folder: string,
  engine: Engine,
  extra: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const state = path.join(folder, "state");
  await mkdir(state);
  return {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...extra,
    PATH: [...engine.folders, extra.PATH ?? process.env.PATH ?? ""].join(path.delimiter),
  };
}
