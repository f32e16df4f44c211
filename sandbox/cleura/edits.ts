/**
 * Bodies of PATCH and PUT as changes of a Shoot. All fields are optional, unknown ones are not looked
 * at; what is not sent stays as it is, so lists are cleared by empty ones. Where networking, schedules
 * and allowed addresses are sent, they are not looked at either.
 */
import { at, child, isMap, type Json, type JsonMap, mapsAt, text } from "../json";
import { type FieldFault, malformed, notFound } from "./failure";
import type { Labels } from "./shape";
import { volumeSizeOf } from "./shoot";

export type Change = (shoot: JsonMap) => void;

interface Field<T extends Json> {
  readonly is: (value: Json) => value is T;
  readonly expected: string;
}

const aText: Field<string> = { is: (value) => typeof value === "string", expected: "must be a string" };
const aBoolean: Field<boolean> = { is: (value) => typeof value === "boolean", expected: "must be a boolean" };
const anInteger: Field<number> = {
  is: (value): value is number => typeof value === "number" && Number.isInteger(value),
  expected: "must be an integer",
};
const like = (pattern: RegExp, expected: string): Field<string> => ({
  is: (value): value is string => typeof value === "string" && pattern.test(value),
  expected,
});
/** Numbers and dots alone. */
const VERSION = /^\d+(\.\d+)*$/;
const aVersion = like(VERSION, "must be a version");
const aSize = like(/^[\w-]+$/, "must be a size");
/** Offsets to the west are not described. */
const aTime = like(/^\d{6}\+\d{4}$/, "must be HHMMSS+ZZZZ");
const texts: Field<string[]> = {
  is: (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string"),
  expected: "must be a list of strings",
};
const pairs: Field<JsonMap[]> = {
  is: (value): value is JsonMap[] =>
    Array.isArray(value) && value.every((item) => isMap(item) && typeof item.key === "string"),
  expected: "must be a list of objects with a key",
};

/** Collects what is wrong, so that all of it is reported at once. */
function reader(body: Json | undefined) {
  const faults: FieldFault[] = [];
  return {
    /** Calls back where the field is there and of its kind; null counts as absent. */
    take<T extends Json>(path: readonly string[], field: Field<T>, use: (value: T) => void): void {
      const value = at(body, ...path);
      if (value === undefined || value === null) return;
      if (field.is(value)) use(value);
      else faults.push({ key: path.join("."), value: field.expected });
    },
    demand(path: readonly string[]): void {
      const value = at(body, ...path);
      if (value === undefined || value === null) faults.push({ key: path.join("."), value: "must be given" });
    },
    refuse(key: string, value: string): void {
      faults.push({ key, value });
    },
    check(): void {
      if (faults.length > 0) throw malformed(faults);
    },
  };
}

/** Of the query of an upgrade. */
export function demandVersion(key: string, value: string): string {
  if (VERSION.test(value)) return value;
  throw malformed([{ key, value: aVersion.expected }]);
}

function demandMap(body: Json | undefined): void {
  if (!isMap(body)) throw malformed([{ key: "body", value: "must be a JSON object" }]);
}

/** The body of `PATCH …/shoots/{region}/{project}/{name}`. */
export function shootChange(body: Json | undefined): Change {
  demandMap(body);
  const changes: Change[] = [];
  const fields = reader(body);
  const under = (shoot: JsonMap, ...path: readonly string[]) =>
    path.reduce((parent, key) => child(parent, key), child(shoot, "spec"));
  fields.take(["kubernetes"], aVersion, (version) =>
    changes.push((shoot) => (under(shoot, "kubernetes").version = version)),
  );
  const automatic = ["maintenance", "auto_update"];
  fields.take([...automatic, "kubernetes_version"], aBoolean, (value) =>
    changes.push((shoot) => (under(shoot, "maintenance", "autoUpdate").kubernetesVersion = value)),
  );
  fields.take([...automatic, "machine_image_version"], aBoolean, (value) =>
    changes.push((shoot) => (under(shoot, "maintenance", "autoUpdate").machineImageVersion = value)),
  );
  const window = ["maintenance", "time_window"];
  for (const edge of ["begin", "end"]) {
    if (isMap(at(body, ...window))) fields.demand([...window, edge]);
    fields.take([...window, edge], aTime, (value) =>
      changes.push((shoot) => (under(shoot, "maintenance", "timeWindow")[edge] = value)),
    );
  }
  fields.check();
  return (shoot) => {
    for (const change of changes) change(shoot);
  };
}

/** The body of `PUT …/workers/{worker}`. An image's name is not taken from it, though it once had to be there. */
export function workerChange(name: string, body: Json | undefined, labels: Labels): Change {
  demandMap(body);
  const changes: ((worker: JsonMap) => void)[] = [];
  const fields = reader(body);
  if (labels === "maps") {
    for (const key of ["type", "image_name", "image_version"]) fields.demand(["machine", key]);
    fields.demand(["volume_size"]);
  }
  fields.take(["name"], aText, (given) => {
    if (given !== name) fields.refuse("name", `a worker group cannot be renamed from ${name}`);
  });
  fields.take(["machine", "image_version"], aVersion, (version) =>
    changes.push((worker) => (child(child(worker, "machine"), "image").version = version)),
  );
  fields.take(["machine", "type"], aText, (type) =>
    changes.push((worker) => (child(worker, "machine").type = type)),
  );
  const numbers = { minimum: "minimum", maximum: "maximum", max_surge: "maxSurge" };
  for (const [key, native] of Object.entries(numbers)) {
    fields.take([key], anInteger, (value) => changes.push((worker) => (worker[native] = value)));
  }
  fields.take(["volume_size"], aSize, (size) => {
    changes.push((worker) => {
      if (volumeSizeOf(worker) !== size) child(worker, "volume").size = size;
    });
  });
  const set = (key: string, value: Json, empty: boolean) =>
    changes.push((worker) => {
      if (empty) delete worker[key];
      else worker[key] = value;
    });
  fields.take(["zones"], texts, (zones) => set("zones", [...zones], zones.length === 0));
  for (const key of ["labels", "annotations"]) {
    fields.take([key], pairs, (given) => set(key, mapOf(given), given.length === 0));
  }
  fields.take(["taints"], pairs, (taints) => set("taints", taints.map(taintOf), taints.length === 0));
  fields.check();
  return (shoot) => {
    const worker = mapsAt(shoot, "spec", "provider", "workers").find((one) => one.name === name);
    if (worker === undefined) throw notFound(`Worker group ${name}`);
    for (const change of changes) change(worker);
  };
}

function mapOf(given: readonly JsonMap[]): JsonMap {
  return Object.fromEntries(given.map(({ key, value }) => [text(key), text(value)]));
}

/** Cleura shows an empty value where Gardener has none. */
function taintOf({ value, ...taint }: JsonMap): JsonMap {
  return text(value) === "" ? taint : { ...taint, value: text(value) };
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
