/** Building answers: Cleura's keys are snake_case, and what is not there is left out. */
import { type Json, type JsonMap, map, text } from "../json";

export function present(fields: Readonly<Record<string, Json | undefined>>): JsonMap {
  const kept: JsonMap = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") kept[key] = value;
  }
  return kept;
}

/** Labels and annotations are lists in Cleura's API, and maps in Gardener's. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

export function pairsOf(value: Json | undefined): Json[] {
  return Object.entries(map(value)).map(([key, entry]) => ({ key, value: text(entry) }));
}
