/**
 * Bodies of PATCH and PUT as changes of a Shoot. All fields are optional and unknown ones are ignored;
 * what is not sent does not change, so lists are cleared by empty ones. Networking, schedules and allowed
 * addresses are ignored, too.
 */
import { at, child, equal, isMap, type Json, type JsonMap, list, map, mapsAt, text } from "../json";
import { type FieldFault, malformed, notFound } from "./failure";
import { volumeSizeOf } from "./render";

export type Change = (shoot: JsonMap) => void;

interface Kind {
  readonly accepts: (value: Json) => boolean;
  readonly expected: string;
  /** To Gardener's form. */
  readonly convert?: (value: Json) => Json;
}

const aText: Kind = { accepts: (value) => typeof value === "string", expected: "must be a string" };
const aBoolean: Kind = { accepts: (value) => typeof value === "boolean", expected: "must be a boolean" };
const anInteger: Kind = { accepts: Number.isInteger, expected: "must be an integer" };
const like = (pattern: RegExp, expected: string): Kind => ({
  accepts: (value) => typeof value === "string" && pattern.test(value),
  expected,
});
/** Only numbers and dots. */
const aVersion = like(/^\d+(\.\d+)*$/, "must be a version");
const aSize = like(/^[\w-]+$/, "must be a size");
/** Offsets to the west are not described. */
const aTime = like(/^\d{6}\+\d{4}$/, "must be HHMMSS+ZZZZ");
const texts: Kind = {
  accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  expected: "must be a list of strings",
};
const pairs: Kind = {
  accepts: (value) =>
    Array.isArray(value) && value.every((item) => isMap(item) && typeof item.key === "string"),
  expected: "must be a list of objects with a key",
  convert: (value) =>
    Object.fromEntries(list(value).map((pair) => [text(map(pair).key), text(map(pair).value)])),
};
/** Cleura shows an empty value where Gardener has none. */
const taints: Kind = {
  ...pairs,
  convert: (value) =>
    list(value).map((item) => {
      const { value: own, ...taint } = map(item);
      return text(own) === "" ? taint : { ...taint, value: text(own) };
    }),
};

/** Paths in the body and in Gardener's object. */
type Field = readonly [from: string, to: string, kind: Kind];

const SHOOT_FIELDS: readonly Field[] = [
  ["kubernetes", "kubernetes.version", aVersion],
  ["maintenance.auto_update.kubernetes_version", "maintenance.autoUpdate.kubernetesVersion", aBoolean],
  ["maintenance.auto_update.machine_image_version", "maintenance.autoUpdate.machineImageVersion", aBoolean],
  ["maintenance.time_window.begin", "maintenance.timeWindow.begin", aTime],
  ["maintenance.time_window.end", "maintenance.timeWindow.end", aTime],
];
/** An image's name is not taken from the body. */
const WORKER_FIELDS: readonly Field[] = [
  ["name", "name", aText],
  ["machine.image_version", "machine.image.version", aVersion],
  ["machine.type", "machine.type", aText],
  ["minimum", "minimum", anInteger],
  ["maximum", "maximum", anInteger],
  ["max_surge", "maxSurge", anInteger],
  ["volume_size", "volume.size", aSize],
  ["zones", "zones", texts],
  ["labels", "labels", pairs],
  ["annotations", "annotations", pairs],
  ["taints", "taints", taints],
];

/** Reports all faults at once. */
function changeOf(body: Json | undefined, fields: readonly Field[], faults: FieldFault[]): Change {
  if (!isMap(body)) throw malformed([{ key: "body", value: "must be a JSON object" }]);
  const changes = fields.flatMap(([from, to, kind]) => {
    const value = at(body, ...from.split("."));
    // Null counts as absent.
    if (value === undefined || value === null) return [];
    if (!kind.accepts(value)) faults.push({ key: from, value: kind.expected });
    return [{ path: to.split("."), value: kind.convert?.(value) ?? value }];
  });
  if (faults.length > 0) throw malformed(faults.sort((a, b) => (a.key < b.key ? -1 : 1)));
  return (object) => {
    for (const { path, value } of changes) {
      const key = path.at(-1) ?? "";
      const parent = path.slice(0, -1).reduce(child, object);
      if (typeof value === "object" && Object.keys(value).length === 0) delete parent[key];
      else parent[key] = value;
    }
  };
}

/** Of the query of an upgrade. */
export function requireVersion(key: string, value: string): string {
  if (aVersion.accepts(value)) return value;
  throw malformed([{ key, value: aVersion.expected }]);
}

/** The body of `PATCH …/shoots/{region}/{project}/{name}`. */
export function shootChange(body: Json | undefined): Change {
  const window = at(body, "maintenance", "time_window");
  const missing = ["begin", "end"].filter((key) => isMap(window) && equal(window[key], null));
  const faults = missing.map((key) => ({ key: `maintenance.time_window.${key}`, value: "must be given" }));
  const change = changeOf(body, SHOOT_FIELDS, faults);
  return (shoot) => {
    change(child(shoot, "spec"));
  };
}

/** The body of `PUT …/workers/{worker}`. */
export function workerChange(name: string, body: Json | undefined): Change {
  const given = at(body, "name") ?? name;
  const renamed = { key: "name", value: `a worker group cannot be renamed from ${name}` };
  const change = changeOf(body, WORKER_FIELDS, given === name ? [] : [renamed]);
  return (shoot) => {
    const worker = mapsAt(shoot, "spec", "provider", "workers").find((one) => one.name === name);
    if (worker === undefined) throw notFound(`Worker group ${name}`);
    const { volume } = worker;
    // The size that is shown although the Shoot has none.
    const isShown = at(body, "volume_size") === volumeSizeOf(worker);
    change(worker);
    if (isShown && volume === undefined) delete worker.volume;
  };
}

/** The actions on a Shoot that have a path of their own. */
export const actions: Readonly<Record<string, Change>> = {
  hibernate: hibernation(true),
  wakeup: hibernation(false),
  maintenance: operation("maintain"),
  reconcile: operation("reconcile"),
  retry: operation("retry"),
};

function hibernation(enabled: boolean): Change {
  return (shoot) => (child(child(shoot, "spec"), "hibernation").enabled = enabled);
}

function operation(name: string): Change {
  return (shoot) => (child(child(shoot, "metadata"), "annotations")["gardener.cloud/operation"] = name);
}
