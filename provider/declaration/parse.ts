/** From the arguments of a program, as plain JSON, to a Declaration or to all problems with them. */
import type { KubernetesArgs, MachineImageArgs, RolloutArgs, ShootVersionsArgs, WorkerArgs } from "../args";
import type { Declaration, RolloutOptions, DeclaredVersion, WorkerDeclaration } from "../model/declaration";
import {
  Adopt,
  KubernetesChannel,
  MachineImageChannel,
  Prepare,
  WhenNewer,
  WorkerRollout,
} from "../model/enums";
import type { Problem } from "../model/problem";
import { isRecord } from "../model/json";
import { Fields, join, type Json, type Keys } from "./fields";
import { parseGarden } from "./location";
import { parsePreflight } from "./preflight";
import { parseShoot } from "./shoot";
import { parseStart } from "./start";

export type Parsed =
  | { readonly kind: "declaration"; readonly declaration: Declaration }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

const DEFAULT_PROGRESS_DEADLINE_MS = 150 * 60_000;

/** The defaults, and the options where no declaration is known. */
export const defaultRollout: RolloutOptions = {
  wait: true,
  progressDeadlineMs: DEFAULT_PROGRESS_DEADLINE_MS,
  prepare: Prepare.Minor,
};

const shootVersionsKeys: Keys<ShootVersionsArgs> = {
  shoot: true,
  garden: true,
  kubernetes: true,
  machineImage: true,
  workers: true,
  rollout: true,
  preflight: true,
  whenNewer: true,
  adopt: true,
};
const versionKeys: Keys<KubernetesArgs> & Keys<MachineImageArgs> = { version: true, channel: true };
const workerKeys: Keys<WorkerArgs> = { machineImage: true, order: true };
const rolloutKeys: Keys<RolloutArgs> = {
  wait: true,
  progressDeadline: true,
  timeout: true,
  prepare: true,
  workers: true,
  maxMinors: true,
  after: true,
  soak: true,
  when: true,
  notBefore: true,
  skipHibernated: true,
};

/** @param name the resource's name, for messages. */
export function parseDeclaration(args: Json, name: string): Parsed {
  const fields = new Fields(`"${name}"`);
  const given = fields.object(args, "", shootVersionsKeys) ?? {};
  const shoot = parseShoot(given.shoot, fields);
  const kubernetes = parseDeclaredVersion(
    given.kubernetes,
    "kubernetes",
    KubernetesChannel,
    /^v?\d+(\.\d+){1,2}$/,
    fields,
  );
  const machineImage = parseImage(given.machineImage, "machineImage", fields);
  const workers = parseWorkers(given.workers, fields);
  const declaration = {
    garden: parseGarden(given.garden, fields),
    kubernetes,
    machineImage,
    workers,
    whenNewer: fields.choice(given.whenNewer, "whenNewer", WhenNewer) ?? WhenNewer.Warn,
    adopt: fields.choice(given.adopt, "adopt", Adopt) ?? Adopt.Observe,
    rollout: parseRollout(given.rollout, fields),
    preflight: parsePreflight(given.preflight, fields),
  };
  const nothing =
    kubernetes === undefined &&
    machineImage === undefined &&
    Object.values(workers).every((worker) => worker.machineImage === undefined);
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
  return parseDeclaredVersion(
    value,
    path,
    MachineImageChannel,
    /^v?\d+(\.\d+){0,2}(-[\w.-]+)?(\+[\w.-]+)?$/,
    fields,
  );
}

function parseDeclaredVersion<Channel extends string>(
  value: Json,
  path: string,
  channels: Readonly<Record<string, Channel>>,
  shape: RegExp,
  fields: Fields,
): DeclaredVersion<Channel> | undefined {
  if (typeof value === "string") {
    return fields.problem("GU021", path, `write ${path}: { version: ${JSON.stringify(value)} }`);
  }
  const given = fields.object(value, path, versionKeys);
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
    const examples = path === "kubernetes" ? '"1.34" or "1.34.3"' : '"1877.3.0"';
    return fields.problem(
      "GU024",
      join(path, "version"),
      `${JSON.stringify(version)} is not a version; write one such as ${examples}`,
    );
  }
  return { kind: "version", version: version.replace(/^v/, "") };
}

const LOWEST_ORDER = -1_000;

function parseWorkers(value: Json, fields: Fields): Declaration["workers"] {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    fields.problem("GU021", "workers", "expected an object with one entry for each worker pool, by its name");
    return {};
  }
  const workers = Object.entries(value).map(([pool, settings]) => {
    const path = join("workers", pool);
    const problems = fields.problems.length;
    const given = fields.object(settings, path, workerKeys);
    const machineImage = parseImage(given?.machineImage, join(path, "machineImage"), fields);
    const order = fields.wholeNumber(given?.order, join(path, "order"), LOWEST_ORDER);
    const nothing = machineImage === undefined && order === undefined;
    if (given !== undefined && nothing && fields.problems.length === problems) {
      fields.problem(
        "GU023",
        path,
        "nothing is declared for this worker pool; give machineImage: { version }, or order",
      );
    }
    const worker: WorkerDeclaration = {
      ...(machineImage && { machineImage }),
      ...(order !== undefined && { order }),
    };
    return [pool, worker] as const;
  });
  // Unlike an assignment, this treats "__proto__" as any other name.
  return Object.fromEntries(workers);
}

const MAX_TIMEOUT_MS = 7 * 86_400_000;

function parseRollout(value: Json, fields: Fields): RolloutOptions {
  const given = fields.object(value, "rollout", rolloutKeys) ?? {};
  const progressDeadlineMs =
    fields.duration(given.progressDeadline, "rollout.progressDeadline", MAX_TIMEOUT_MS) ??
    DEFAULT_PROGRESS_DEADLINE_MS;
  const timeoutMs = fields.duration(given.timeout, "rollout.timeout", MAX_TIMEOUT_MS);
  const workers = fields.choice(given.workers, "rollout.workers", WorkerRollout);
  const maxMinors = fields.wholeNumber(given.maxMinors, "rollout.maxMinors", 1);
  const start = parseStart(given, fields);
  return {
    wait: fields.flag(given.wait, "rollout.wait") ?? true,
    progressDeadlineMs,
    ...(timeoutMs !== undefined && { timeoutMs }),
    prepare: fields.choice(given.prepare, "rollout.prepare", Prepare) ?? Prepare.Minor,
    ...(workers !== undefined && { workers }),
    ...(maxMinors !== undefined && { maxMinors }),
    ...(start !== undefined && { start }),
  };
}
