/** A declared version: a version as written, or a channel. */
import type { KubernetesArgs, MachineImageArgs } from "../args";
import type { DeclaredVersion } from "../model/declaration";
import { join, type Fields, type Json, type Keys } from "./fields";

export const versionKeys: Keys<KubernetesArgs> & Keys<MachineImageArgs> = { version: true, channel: true };

export interface VersionForm {
  readonly shape: RegExp;
  /** For messages. */
  readonly example: string;
}

/** @param keys the arguments beside which the two may stand. */
export function parseDeclaredVersion<Channel extends string>(
  value: Json,
  path: string,
  channels: Readonly<Record<string, Channel>>,
  { shape, example }: VersionForm,
  fields: Fields,
  keys: typeof versionKeys = versionKeys,
): DeclaredVersion<Channel> | undefined {
  if (typeof value === "string") {
    return fields.problem("GU021", path, `write ${path}: { version: ${JSON.stringify(value)} }`);
  }
  const given = fields.object(value, path, keys);
  if (given === undefined) return undefined;
  const problems = fields.problems.length;
  const version = fields.text(given.version, join(path, "version"));
  const channel = fields.choice(given.channel, join(path, "channel"), channels);
  if (fields.problems.length > problems) return undefined;
  if ((version === undefined) === (channel === undefined)) {
    const found = version === undefined ? "neither" : "both";
    return fields.problem("GU022", path, `give exactly one of version and channel, found ${found}`);
  }
  if (channel !== undefined) return { kind: "channel", channel };
  if (version === undefined) return undefined;
  if (!shape.test(version)) {
    return fields.problem(
      "GU024",
      join(path, "version"),
      `${JSON.stringify(version)} is not a version; write one such as ${example}`,
    );
  }
  return { kind: "version", version: version.replace(/^v/, "") };
}
