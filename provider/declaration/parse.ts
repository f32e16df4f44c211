/** From the arguments of a program, as plain JSON, to a Declaration or to all problems with them. */
import type { RolloutArgs, ShootVersionsArgs } from "../args";
import type { Declaration, RolloutOptions } from "../model/declaration";
import { Adopt, KubernetesChannel, Prepare, WhenNewer, WorkerRollout } from "../model/enums";
import type { Problem } from "../model/problem";
import { Fields, type Json, type Keys } from "./fields";
import { parseGarden } from "./location";
import { parsePreflight } from "./preflight";
import { parseShoot } from "./shoot";
import { parseStart } from "./start";
import { parseDeclaredVersion } from "./version";
import { parseImage, parseWorkers } from "./workers";

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
    { shape: /^v?\d+(\.\d+){1,2}$/, example: '"1.34" or "1.34.3"' },
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
