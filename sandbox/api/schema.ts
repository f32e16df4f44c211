/** What the real Gardener reports of itself: its resources, the fields of its kinds, and its defaults. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, isJson, isMap, type Json, type JsonMap, map, mapsAt, text } from "../json";

/** Written by `npm run schema`. */
const FILE = join(__dirname, "gardener.json");

const content: unknown = JSON.parse(readFileSync(FILE, "utf8"));
const schema = map(isJson(content) ? content : null);

/** By group and version, the entries of the discovery document. */
export const discovered: readonly (readonly [string, readonly JsonMap[]])[] = Object.keys(
  map(schema.resources),
).map((groupVersion) => [groupVersion, mapsAt(schema, "resources", groupVersion)]);

/** What the API server fills in: of a Shoot's specification, of one without workers, of a pool by update strategy. */
export const defaults = {
  shoot: map(at(schema, "defaults", "shoot")),
  workerless: map(at(schema, "defaults", "workerless")),
  pools: map(at(schema, "defaults", "pools")),
};

export interface Field {
  /** Of the value or of a list's items; "" where any value is allowed. */
  readonly type: string;
  /** The key by which a strategic merge patch finds the items of a list. */
  readonly mergeKey: string;
  /** A list of single values that a strategic merge patch adds to. */
  readonly set: boolean;
}

/** The type of an object; "" for kinds of which only the metadata is described. */
export function typeOf(object: JsonMap): string {
  const kind = text(object.kind);
  return at(schema, "types", kind, "metadata") === undefined ? "" : kind;
}

export function fieldOf(type: string, name: string): Field | undefined {
  const field = type === "" && name === "metadata" ? "ObjectMeta" : at(schema, "types", type, name);
  if (field === undefined) return undefined;
  if (!isMap(field)) return { type: text(field), mergeKey: "", set: false };
  return { type: text(field.type), mergeKey: text(field.mergeKey), set: field.set === true };
}

/** Removes the unknown fields and returns the API server's warnings about them. */
export function dropUnknown(object: JsonMap): string[] {
  const unknown: string[] = [];
  prune(object, typeOf(object), "", unknown);
  return unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
}

function prune(value: Json | undefined, type: string, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => prune(item, type, `${path}[${index}]`, unknown));
  } else if (isMap(value) && isMap(at(schema, "types", type))) {
    for (const key of Object.keys(value)) {
      const place = path === "" ? key : `${path}.${key}`;
      const field = fieldOf(type, key);
      if (field !== undefined) prune(value[key], field.type, place, unknown);
      else {
        unknown.push(place);
        delete value[key];
      }
    }
  }
}

/** Adds what is missing in `object`, at every level. */
export function fill(object: JsonMap, missing: JsonMap): void {
  for (const [key, value] of Object.entries(missing)) {
    const known = object[key];
    if (known === undefined) object[key] = structuredClone(value);
    else if (isMap(known) && isMap(value)) fill(known, value);
  }
}
