/** Answers of Cleura's API: keys are snake_case, and absent values are left out. */
import { type Json, type JsonMap, map, text } from "../json";

export function present(fields: Readonly<Record<string, Json | undefined>>): JsonMap {
  const kept: JsonMap = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") kept[key] = value;
  }
  return kept;
}

/** Texts of Gardener's object under Cleura's keys; "" for absent ones. */
export function texts(given: Json | undefined, ...keys: readonly string[]): JsonMap {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(keys.map((key) => [snake(key), text(map(given)[key])]));
}

/** How worker groups' labels and annotations are shown; the entries are the same. */
export type Labels = "lists" | "maps";

/** Undefined where there are none. */
export function pairsOf(value: Json | undefined, labels: Labels): Json | undefined {
  const pairs = Object.entries(map(value)).map(([key, entry]) => ({ key, value: text(entry) }));
  if (pairs.length === 0) return undefined;
  return labels === "lists" ? pairs : Object.fromEntries(pairs.map((pair) => [pair.key, pair]));
}
