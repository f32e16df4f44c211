/** Looks into JSON of unknown make; what is missing or of another kind reads as absent. */
import { isRecord } from "../../provider/model/json";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What lies under the path, `undefined` where a step of it is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof step === "number") found = Array.isArray(found) ? items(found)[step] : undefined;
    else found = isRecord(found) ? found[step] : undefined;
  }
  return found;
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numeric(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function object(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

export function texts(value: unknown): readonly string[] {
  return items(value).filter((item) => typeof item === "string");
}

/** The string values of a map such as labels or annotations. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const [key, entry] of Object.entries(object(value))) {
    if (typeof entry === "string") map[key] = entry;
  }
  return map;
}
