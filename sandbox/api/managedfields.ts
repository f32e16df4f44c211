/** `metadata.managedFields`: who wrote which field last; items of lists with a key count one by one. */
import { at, isMap, type Json, type JsonMap, list, map, mapsAt, textAt, timestamp } from "../json";
import { type Field, fieldOf, typeOf } from "./schema";

export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly apiVersion: string;
  readonly now: Date;
}

export function recordFields(object: JsonMap, before: JsonMap | undefined, writer: Writer): void {
  const changed = new Set<string>();
  const present = new Set<string>();
  collect(owned(object), owned(before ?? {}), { type: typeOf(object), mergeKey: "" }, [], changed, present);
  // A write to the status leaves the specification as it is, and vice versa.
  const closed = writer.subresource === "status" ? "f:spec" : "f:status";
  const written = new Set([...changed].filter((path) => !path.startsWith(closed)));
  const entries: JsonMap[] = [];
  let mine: Set<string> = written;
  for (const entry of mapsAt(before, "metadata", "managedFields")) {
    const paths = new Set([...pathsOf(map(entry.fieldsV1))].filter((path) => present.has(path)));
    if (isSame(entry, writer)) mine = new Set([...paths, ...written]);
    else {
      const left = [...paths].filter((path) => !written.has(path));
      if (left.length > 0) entries.push({ ...entry, fieldsV1: tree(left) });
    }
  }
  if (mine.size > 0) {
    const old = mapsAt(before, "metadata", "managedFields").find((entry) => isSame(entry, writer));
    entries.push({
      manager: writer.manager,
      operation: "Update",
      apiVersion: writer.apiVersion,
      time: written.size > 0 || old === undefined ? timestamp(writer.now) : textAt(old, "time"),
      fieldsType: "FieldsV1",
      fieldsV1: tree([...mine]),
      ...(writer.subresource === "" ? {} : { subresource: writer.subresource }),
    });
  }
  map(object.metadata).managedFields = entries;
}

function isSame(entry: JsonMap, writer: Writer): boolean {
  return entry.manager === writer.manager && textAt(entry, "subresource") === writer.subresource;
}

/** What can be owned: all but the system's own fields. */
function owned(object: JsonMap): JsonMap {
  const { metadata } = object;
  const kept = { ...object };
  delete kept.kind;
  delete kept.apiVersion;
  const shown: JsonMap = {};
  for (const key of ["annotations", "labels", "finalizers"]) {
    const value = at(metadata, key);
    if (value !== undefined) shown[key] = value;
  }
  return { ...kept, metadata: shown };
}

const SEPARATOR = "\u0000";

/** `mergeKey`: of the list that `now` may be. */
function collect(
  now: Json,
  before: Json | undefined,
  { type, mergeKey }: Pick<Field, "type" | "mergeKey">,
  path: string[],
  written: Set<string>,
  present: Set<string>,
): void {
  if (Array.isArray(now) && mergeKey !== "") {
    for (const item of now.filter(isMap)) {
      const key = item[mergeKey] ?? null;
      const other = list(before)
        .filter(isMap)
        .find((one) => one[mergeKey] === key);
      const place = [...path, `k:${JSON.stringify({ [mergeKey]: key })}`];
      const single = { type, mergeKey: "" };
      collect(true, other === undefined ? undefined : true, single, [...place, "."], written, present);
      collect(item, other, single, place, written, present);
    }
    return;
  }
  if (isMap(now) && Object.keys(now).length > 0) {
    for (const [key, value] of Object.entries(now)) {
      const field = fieldOf(type, key) ?? { type: "", mergeKey: "" };
      collect(value, at(before, key), field, [...path, `f:${key}`], written, present);
    }
    return;
  }
  const place = path.join(SEPARATOR);
  present.add(place);
  if (JSON.stringify(now) !== JSON.stringify(before)) written.add(place);
}

function pathsOf(fields: JsonMap, path: string[] = []): Set<string> {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(fields)) {
    const inner = map(value);
    if (Object.keys(inner).length === 0) found.add([...path, key].join(SEPARATOR));
    else for (const deeper of pathsOf(inner, [...path, key])) found.add(deeper);
  }
  return found;
}

function tree(paths: readonly string[]): JsonMap {
  const root: JsonMap = {};
  for (const path of paths) {
    let place = root;
    for (const step of path.split(SEPARATOR)) {
      const next = map(place[step]);
      place[step] = next;
      place = next;
    }
  }
  return root;
}
