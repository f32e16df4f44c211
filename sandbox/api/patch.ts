/** The patch types of the API server, applied to plain JSON. */
import { applyPatch, type Operation } from "fast-json-patch";
import { clone, isMap, type Json, type JsonMap, list, map, text } from "../json";
import { badRequest, unprocessable } from "./failure";
import { type Field, fieldOf, typeOf } from "./schema";

const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

export function patch(object: JsonMap, body: Json, contentType: string): JsonMap {
  const [type] = contentType.split(";");
  if (type === PATCH_TYPES[0]) return jsonPatch(object, body);
  if (!isMap(body)) throw badRequest("error decoding patch: it is no JSON object");
  if (type === PATCH_TYPES[1]) return mergePatch(object, body);
  if (type === PATCH_TYPES[2]) return strategicPatch(object, body, typeOf(object));
  throw badRequest(`patches of the type ${contentType} are not supported`);
}

function jsonPatch(object: JsonMap, body: Json): JsonMap {
  try {
    const { newDocument } = applyPatch(clone(object), list(body).map(operation), true, false);
    return newDocument;
  } catch {
    // Whatever cannot be applied, a `test` that fails among it, gets the same answer.
    throw unprocessable();
  }
}

function operation(value: Json): Operation {
  const [op, path, from] = isMap(value) ? [text(value.op), text(value.path), text(value.from)] : ["", "", ""];
  const content = isMap(value) ? (value.value ?? null) : null;
  if (op === "add" || op === "replace" || op === "test") return { op, path, value: content };
  if (op === "move" || op === "copy") return { op, path, from };
  if (op === "remove") return { op, path };
  throw unprocessable();
}

function mergePatch(object: JsonMap, changes: JsonMap): JsonMap {
  const result = { ...object };
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isMap(value) ? mergePatch(map(before), value) : clone(value);
  }
  return result;
}

function strategicPatch(object: JsonMap, changes: JsonMap, type: string): JsonMap {
  const { $patch: directive, ...rest } = changes;
  if (directive === "delete") return {};
  const result = { ...object };
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith("$")) continue;
    const before = result[key];
    const field = fieldOf(type, key);
    if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = patchList(list(before), value, field);
    else result[key] = isMap(value) ? strategicPatch(map(before), value, field?.type ?? "") : value;
  }
  return result;
}

function patchList(
  before: readonly Json[],
  changes: readonly Json[],
  { type, mergeKey, set }: Field = { type: "", mergeKey: "", set: false },
): Json[] {
  if (set) return [...new Set([...before, ...changes])];
  if (mergeKey === "") return [...changes];
  const items = changes.filter(isMap);
  const originals = before.filter(isMap);
  const find = (items: readonly JsonMap[], like: JsonMap) =>
    items.findIndex((item) => item[mergeKey] === like[mergeKey]);
  const deleted = items.filter((item) => item.$patch === "delete");
  const kept = items.filter((item) => item.$patch !== "delete");
  if (kept.some((item) => item[mergeKey] === undefined)) {
    throw badRequest(`map: ${JSON.stringify(kept)} does not contain declared merge key: ${mergeKey}`);
  }
  const patched = kept.map((item) => strategicPatch(originals[find(originals, item)] ?? {}, item, type));
  const untouched = originals.filter((item) => find(deleted, item) < 0 && find(kept, item) < 0);
  return interleave(untouched, patched, (item) => find(originals, item));
}

/** What the server has keeps its order; an item that it does not have comes before all that remain. */
function interleave(
  untouched: readonly JsonMap[],
  patched: readonly JsonMap[],
  order: (item: JsonMap) => number,
): JsonMap[] {
  const left = [...untouched];
  const right = [...patched];
  const result: JsonMap[] = [];
  for (;;) {
    const [ours] = left;
    const [theirs] = right;
    if (ours === undefined) return [...result, ...right];
    if (theirs === undefined) return [...result, ...left];
    const oursFirst = order(theirs) >= 0 && order(ours) < order(theirs);
    result.push(oursFirst ? ours : theirs);
    (oursFirst ? left : right).shift();
  }
}
