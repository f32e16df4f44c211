/**
 * Bodies of PATCH and PUT as changes of a Shoot. All fields are optional and unknown ones are ignored;
 * what is not sent does not change, so lists are cleared by empty ones. Of a Shoot's own fields the Kubernetes version is
 * read, and no other.
 */
import { at, child, isMap, type Json, type JsonMap, list, map, mapsAt, text } from "../json";
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
const anInteger: Kind = { accepts: Number.isInteger, expected: "must be an integer" };
const like = (pattern: RegExp, expected: string): Kind => ({
  accepts: (value) => typeof value === "string" && pattern.test(value),
  expected,
});
/** Only numbers and dots. */
const aVersion = like(/^\d+(\.\d+)*$/, "must be a version");
const aSize = like(/^[\w-]+$/, "must be a size");
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

const SHOOT_FIELDS: readonly Field[] = [["kubernetes", "kubernetes.version", aVersion]];
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
  const change = changeOf(body, SHOOT_FIELDS, []);
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
