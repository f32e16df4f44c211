/** From the arguments of a program, as plain JSON, to a Declaration or to all that is wrong with them. */
import type {
  Adopt,
  Declaration,
  GardenLocation,
  RolloutOptions,
  ShootReference,
  Wanted,
  WhenNewer,
} from "../model/declaration";
import type { Problem } from "../model/problem";
import { formatDuration, parseDuration } from "./duration";
import { isRecord } from "../model/json";
import { Fields, join, type Json } from "./fields";

export type Parsed =
  | { readonly kind: "declaration"; readonly declaration: Declaration }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

export const DEFAULT_STALLED_MS = 150 * 60_000;

const kubernetesChannels = ["patch", "stable", "rapid"] as const;
const imageChannels = ["patch", "minor", "major"] as const;
const whenNewer: readonly WhenNewer[] = ["accept", "warn", "fail"];
const adopt: readonly Adopt[] = ["observe", "upgrade"];
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

/** How the program names the Shoot; the problems are added to the fields. */
export function parseShoot(value: Json, fields: Fields): ShootReference | undefined {
  const forms = '{ project, name }, { namespace, name } or { id: "namespace/name" }';
  const given = fields.object(value, "shoot", ["project", "namespace", "name", "id"]);
  if (given === undefined) return fields.problem("GU021", "shoot", `name the Shoot as ${forms}`);
  const id = fields.text(given["id"], "shoot.id");
  const project = fields.text(given["project"], "shoot.project");
  const namespace = fields.text(given["namespace"], "shoot.namespace");
  const name = fields.text(given["name"], "shoot.name");
  if (id !== undefined && project === undefined && namespace === undefined && name === undefined) {
    const parts = id.split("/");
    const [idNamespace, idName] = parts;
    if (parts.length !== 2 || !idNamespace || !idName) {
      return fields.problem("GU021", "shoot.id", `expected "namespace/name", found ${JSON.stringify(id)}`);
    }
    return { kind: "namespace", namespace: idNamespace, name: idName };
  }
  if (id === undefined && name !== undefined) {
    if (project !== undefined && namespace === undefined) return { kind: "project", project, name };
    if (namespace !== undefined && project === undefined) return { kind: "namespace", namespace, name };
  }
  return fields.problem("GU021", "shoot", `name the Shoot in exactly one way: ${forms}`);
}

export function parseGarden(value: Json, fields: Fields): GardenLocation {
  const given = fields.object(value, "garden", ["kubeconfig", "context"]) ?? {};
  const kubeconfig = fields.text(given["kubeconfig"], "garden.kubeconfig");
  const context = fields.text(given["context"], "garden.context");
  if (kubeconfig !== undefined && looksLikeContent(kubeconfig)) {
    // The value is not repeated: it may hold credentials.
    fields.problem(
      "GU021",
      "garden.kubeconfig",
      "expected the path of a kubeconfig, found its content; inputs are stored in state, so name a file here, or set the content as secret with `pulumi config set --secret gardener:kubeconfig`",
    );
    return {};
  }
  return { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
}

/** A kubeconfig or a token, in clear or in base64. */
function looksLikeContent(text: string): boolean {
  return (
    /\n|apiVersion|[{}]/.test(text) ||
    /^(ey[\w-]{8,}\.|YXBp|ewo|LS0t)/.test(text) ||
    /^[\w+/=-]{120,}$/.test(text)
  );
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
  const workers: Record<string, { machineImage?: Declaration["machineImage"] }> = {};
  for (const [pool, settings] of Object.entries(value)) {
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
    workers[pool] = machineImage === undefined ? {} : { machineImage };
  }
  return workers;
}

function parseRollout(value: Json, fields: Fields): RolloutOptions {
  const given = fields.object(value, "rollout", ["wait", "timeouts"]) ?? {};
  const timeouts = fields.object(given["timeouts"], "rollout.timeouts", ["stalled", "hop"]) ?? {};
  const stalledMs =
    parseTimeout(timeouts["stalled"], "rollout.timeouts.stalled", fields) ?? DEFAULT_STALLED_MS;
  const hopMs = parseTimeout(timeouts["hop"], "rollout.timeouts.hop", fields);
  return {
    wait: fields.flag(given["wait"], "rollout.wait") ?? true,
    stalledMs,
    ...(hopMs !== undefined && { hopMs }),
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
