/** API objects are plain JSON here, as they come and go over the wire. */
import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

export type Json = null | boolean | number | string | Json[] | JsonMap;
export interface JsonMap {
  [key: string]: Json;
}

export function isJson(value: unknown): value is Json {
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === "object" && Object.values(value).every(isJson);
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map itself, to read from or write to; a fresh one where there is none. */
export function map(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

export function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function number(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) {
    if (typeof step === "number") found = list(found)[step];
    else found = isMap(found) ? found[step] : undefined;
  }
  return found;
}

export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  return text(at(value, ...path));
}

export function mapsAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonMap[] {
  return list(at(value, ...path)).filter(isMap);
}

export function textsAt(value: Json | undefined, ...path: readonly (string | number)[]): string[] {
  return list(at(value, ...path)).filter((item) => typeof item === "string");
}

/** The map under the key, put there where there is none. */
export function child(parent: JsonMap, key: string): JsonMap {
  const found = parent[key];
  if (isMap(found)) return found;
  const made: JsonMap = {};
  parent[key] = made;
  return made;
}

export function without(object: JsonMap, ...keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

export function clone<T extends Json>(value: T): T {
  return structuredClone(value);
}

/** Equal as the API server sees it: absent, empty and null are the same. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  return isDeepStrictEqual(withoutEmpty(a), withoutEmpty(b));
}

function withoutEmpty(value: Json | undefined): Json | undefined {
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? null);
  if (!isMap(value)) return value ?? undefined;
  const kept: JsonMap = {};
  for (const [key, entry] of Object.entries(value)) {
    const left = withoutEmpty(entry);
    if (left !== undefined) kept[key] = left;
  }
  return kept;
}

/** Decoding into Go's structs loses nulls. */
export function withoutNulls(value: JsonMap): JsonMap {
  const kept: JsonMap = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null) continue;
    if (Array.isArray(entry)) kept[key] = entry.map((item) => (isMap(item) ? withoutNulls(item) : item));
    else kept[key] = isMap(entry) ? withoutNulls(entry) : entry;
  }
  return kept;
}

/** As the API server writes times: whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The end of a generated name, as Kubernetes chooses it: without vowels. */
export function suffix(): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
}
