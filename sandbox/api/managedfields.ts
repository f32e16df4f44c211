/** `metadata.managedFields`: who wrote which field last; items of lists with a key count one by one. */
import { isMap, type Json, type JsonMap, map, mapsAt, textAt, timestamp, without } from "../json";
import { type Field, fieldOf, typeOf } from "./schema";

export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly apiVersion: string;
  readonly now: Date;
}

export function recordFields(object: JsonMap, before: JsonMap | undefined, writer: Writer): void {
  const root = { type: typeOf(object), mergeKey: "" };
  const present = values(owned(object), root);
  const earlier = values(owned(before ?? {}), root);
  const changed = [...present.keys()].filter((path) => present.get(path) !== earlier.get(path));
  // A write to the status leaves the specification as it is, and vice versa.
  const closed = writer.subresource === "status" ? "f:spec" : "f:status";
  const written = new Set(changed.filter((path) => !path.startsWith(closed)));
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

const OWNED_METADATA = ["annotations", "labels", "finalizers"];

/** What can be owned: all but the system's own fields. */
function owned(object: JsonMap): JsonMap {
  const metadata = Object.entries(map(object.metadata)).filter(([key]) => OWNED_METADATA.includes(key));
  return { ...without(object, "kind", "apiVersion"), metadata: Object.fromEntries(metadata) };
}

const SEPARATOR = "\u0000";

/** The values of all fields as text, by path. `mergeKey`: of the list that the value may be. */
function values(
  value: Json,
  { type, mergeKey }: Pick<Field, "type" | "mergeKey">,
  path: readonly string[] = [],
  found = new Map<string, string>(),
): Map<string, string> {
  if (Array.isArray(value) && mergeKey !== "") {
    for (const item of value.filter(isMap)) {
      const place = [...path, `k:${JSON.stringify({ [mergeKey]: item[mergeKey] ?? null })}`];
      found.set([...place, "."].join(SEPARATOR), "");
      values(item, { type, mergeKey: "" }, place, found);
    }
  } else if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, below] of Object.entries(value)) {
      values(below, fieldOf(type, key) ?? { type: "", mergeKey: "" }, [...path, `f:${key}`], found);
    }
  } else found.set(path.join(SEPARATOR), JSON.stringify(value));
  return found;
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
