/** From the arguments of a program, as plain JSON, to a Declaration or to all that is wrong with them. */
import type { Adopt, Declaration, Prepare, RolloutOptions, Wanted, WhenNewer } from "../model/declaration";
import type { Problem } from "../model/problem";
import { formatDuration, parseDuration } from "./duration";
import { isRecord } from "../model/json";
import { Fields, join, type Json } from "./fields";
import { parseGarden, parseShoot } from "./where";

export type Parsed =
  | { readonly kind: "declaration"; readonly declaration: Declaration }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

const DEFAULT_STALLED_MS = 150 * 60_000;

/** Where the program says nothing, and where it is not there to ask. */
export const defaultRollout: RolloutOptions = {
  wait: true,
  stalledMs: DEFAULT_STALLED_MS,
  prepare: "minor",
};

const kubernetesChannels = ["patch", "stable", "rapid"] as const;
const imageChannels = ["patch", "minor", "major"] as const;
const whenNewer: readonly WhenNewer[] = ["accept", "warn", "fail"];
const adopt: readonly Adopt[] = ["observe", "upgrade"];
const prepare: readonly Prepare[] = ["minor", "always", "never"];
const argumentNames = [
  "shoot",
  "garden",
  "kubernetes",
  "machineImage",
  "workers",
  "rollout",
  "whenNewer",
  "adopt",
] as const;

/** @param name the resource's name, for messages. */
export function parseDeclaration(args: Json, name: string): Parsed {
  const fields = new Fields(`"${name}"`);
  const given = fields.object(args, "", argumentNames) ?? {};
  const shoot = parseShoot(given["shoot"], fields);
  const kubernetes = parseWanted(
    given["kubernetes"],
    "kubernetes",
    kubernetesChannels,
    /^v?\d+(\.\d+){1,2}$/,
    fields,
  );
  const machineImage = parseImage(given["machineImage"], "machineImage", fields);
  const workers = parseWorkers(given["workers"], fields);
  const declaration = {
    garden: parseGarden(given["garden"], fields),
    kubernetes,
    machineImage,
    workers,
    whenNewer: fields.choice(given["whenNewer"], "whenNewer", whenNewer) ?? "warn",
    adopt: fields.choice(given["adopt"], "adopt", adopt) ?? "observe",
    rollout: parseRollout(given["rollout"], fields),
  };
  const nothing = !("kubernetes" in given) && !("machineImage" in given) && Object.keys(workers).length === 0;
  if (nothing && fields.problems.length === 0) {
    fields.problem(
      "GU023",
      "",
      'nothing is declared; give kubernetes: { version: "1.34" }, machineImage: { version: "…" } or workers',
    );
  }
  if (shoot === undefined || fields.problems.length > 0)
    return { kind: "problems", problems: fields.problems };
  return { kind: "declaration", declaration: { shoot, ...declaration } };
}

function parseImage(value: Json, path: string, fields: Fields) {
  return parseWanted(value, path, imageChannels, /^v?\d+(\.\d+){0,2}(-[\w.-]+)?(\+[\w.-]+)?$/, fields);
}

function parseWanted<Channel extends string>(
  value: Json,
  path: string,
  channels: readonly Channel[],
  shape: RegExp,
  fields: Fields,
): Wanted<Channel> | undefined {
  if (typeof value === "string") {
    return fields.problem("GU021", path, `write ${path}: { version: ${JSON.stringify(value)} }`);
  }
  const given = fields.object(value, path, ["version", "channel"]);
  if (given === undefined) return undefined;
  const problems = fields.problems.length;
  const version = fields.text(given["version"], join(path, "version"));
  const channel = fields.choice(given["channel"], join(path, "channel"), channels);
  if (fields.problems.length > problems) return undefined;
  if ((version === undefined) === (channel === undefined)) {
    const found = version === undefined ? "neither" : "both";
    return fields.problem("GU022", path, `give exactly one of version and channel, found ${found}`);
  }
  if (channel !== undefined) return { kind: "channel", channel };
  if (version === undefined) return undefined;
  if (!shape.test(version)) {
    const examples = path === "kubernetes" ? '"1.34" or "1.34.3"' : '"1877.3.0"';
    return fields.problem(
      "GU024",
      join(path, "version"),
      `${JSON.stringify(version)} is no version; write one such as ${examples}`,
    );
  }
  return { kind: "version", version: version.replace(/^v/, "") };
}

function parseWorkers(value: Json, fields: Fields): Declaration["workers"] {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    fields.problem("GU021", "workers", "expected an object with one entry for each worker pool, by its name");
    return {};
  }
  const workers = Object.entries(value).map(([pool, settings]): [string, Declaration["workers"][string]] => {
    const path = join("workers", pool);
    const given = fields.object(settings, path, ["machineImage"]);
    const machineImage = parseImage(given?.["machineImage"], join(path, "machineImage"), fields);
    if (given !== undefined && !("machineImage" in given)) {
      fields.problem(
        "GU023",
        path,
        "nothing is declared for this worker pool; give machineImage: { version }",
      );
    }
    return [pool, machineImage === undefined ? {} : { machineImage }];
  });
  // Not by assignment, which takes `__proto__` for something else than a name.
  return Object.fromEntries(workers);
}

function parseRollout(value: Json, fields: Fields): RolloutOptions {
  const given = fields.object(value, "rollout", ["wait", "timeouts", "prepare"]) ?? {};
  const timeouts = fields.object(given["timeouts"], "rollout.timeouts", ["stalled", "hop"]) ?? {};
  const stalledMs =
    parseTimeout(timeouts["stalled"], "rollout.timeouts.stalled", fields) ?? DEFAULT_STALLED_MS;
  const hopMs = parseTimeout(timeouts["hop"], "rollout.timeouts.hop", fields);
  return {
    wait: fields.flag(given["wait"], "rollout.wait") ?? true,
    stalledMs,
    ...(hopMs !== undefined && { hopMs }),
    prepare: fields.choice(given["prepare"], "rollout.prepare", prepare) ?? "minor",
  };
}

const MIN_TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 7 * 86_400_000;

function parseTimeout(value: Json, path: string, fields: Fields): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") {
    return fields.problem("GU025", path, `${value} has no unit; write a duration such as "45m" or "2h30m"`);
  }
  const text = fields.text(value, path);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  const range = `between ${formatDuration(MIN_TIMEOUT_MS)} and ${formatDuration(MAX_TIMEOUT_MS)}`;
  if (ms === undefined) {
    return fields.problem(
      "GU025",
      path,
      `${JSON.stringify(text)} is no duration; write one such as "45m" or "2h30m"`,
    );
  }
  if (ms < MIN_TIMEOUT_MS || ms > MAX_TIMEOUT_MS) {
    return fields.problem("GU025", path, `${JSON.stringify(text)} is out of range; it must lie ${range}`);
  }
  return ms;
}
