/** `workers` of the arguments: what is declared for single worker pools. */
import type { AllowDowngradeArgs, MachineImageArgs, WorkerArgs, WorkerMachineImageArgs } from "../args";
import type { AllowedDowngrade, Declaration, WorkerDeclaration } from "../model/declaration";
import { MachineImageChannel } from "../model/enums";
import { isRecord } from "../model/json";
import { parseDay } from "./day";
import { join, type Fields, type Json, type Keys } from "./fields";
import { parseDeclaredVersion, versionKeys } from "./version";

const workerKeys: Keys<WorkerArgs> = { machineImage: true, order: true };
const imageKeys: Keys<WorkerMachineImageArgs> = { ...versionKeys, allowDowngrade: true };
const downgradeKeys: Keys<AllowDowngradeArgs> = { until: true, reason: true };

const LOWEST_ORDER = -1_000;

export function parseWorkers(value: Json, fields: Fields): Declaration["workers"] {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    fields.problem("GU021", "workers", "expected an object with one entry for each worker pool, by its name");
    return {};
  }
  const workers = Object.entries(value).map(([pool, settings]) => {
    const path = join("workers", pool);
    const problems = fields.problems.length;
    const given = fields.object(settings, path, workerKeys);
    const image = parseWorkerImage(given?.machineImage, join(path, "machineImage"), fields);
    const order = fields.wholeNumber(given?.order, join(path, "order"), LOWEST_ORDER);
    const nothing = image.machineImage === undefined && order === undefined;
    if (given !== undefined && nothing && fields.problems.length === problems) {
      fields.problem(
        "GU023",
        path,
        "nothing is declared for this worker pool; give machineImage: { version }, or order",
      );
    }
    const worker: WorkerDeclaration = { ...image, ...(order !== undefined && { order }) };
    return [pool, worker] as const;
  });
  // Unlike an assignment, this treats "__proto__" as any other name.
  return Object.fromEntries(workers);
}

export function parseImage(
  value: Json,
  path: string,
  fields: Fields,
  keys: Keys<MachineImageArgs> = versionKeys,
): WorkerDeclaration["machineImage"] {
  const shape = /^v?\d+(\.\d+){0,2}(-[\w.-]+)?(\+[\w.-]+)?$/;
  return parseDeclaredVersion(
    value,
    path,
    MachineImageChannel,
    { shape, example: '"1877.3.0"' },
    fields,
    keys,
  );
}

function parseWorkerImage(
  value: Json,
  path: string,
  fields: Fields,
): Pick<WorkerDeclaration, "machineImage" | "allowDowngrade"> {
  const machineImage = parseImage(value, path, fields, imageKeys);
  const downgrade = isRecord(value) ? value["allowDowngrade"] : undefined;
  const allowDowngrade = parseAllowDowngrade(downgrade, join(path, "allowDowngrade"), fields);
  if (allowDowngrade !== undefined && machineImage?.kind === "channel") {
    fields.problem(
      "GU022",
      join(path, "allowDowngrade"),
      "a channel never goes down; give the version to go down to instead of a channel",
    );
  }
  return { ...(machineImage && { machineImage }), ...(allowDowngrade && { allowDowngrade }) };
}

function parseAllowDowngrade(value: Json, path: string, fields: Fields): AllowedDowngrade | undefined {
  const problems = fields.problems.length;
  const given = fields.object(value, path, downgradeKeys);
  if (given === undefined) return undefined;
  const until = parseDay(given.until, join(path, "until"), fields);
  const reason = fields.text(given.reason, join(path, "reason"));
  if (until !== undefined && reason !== undefined) return { until, reason };
  if (fields.problems.length > problems) return undefined;
  const missing = Object.entries({ until, reason }).flatMap(([key, found]) =>
    found === undefined ? [key] : [],
  );
  return fields.problem("GU021", path, `give until and reason; missing: ${missing.join(", ")}`);
}
