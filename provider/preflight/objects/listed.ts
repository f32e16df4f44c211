/** Lists of objects that may not be readable. */
import type { ClusterList } from "../../garden/garden";
import { UserError } from "../../model/problem";

/** A list that cannot be read is not an empty one. */
export type Listed<Item> =
  | { readonly kind: "listed"; readonly items: readonly Item[] }
  | { readonly kind: "notVisible"; readonly reason: string };

export function itemsOf<Item>(listed: Listed<Item>): readonly Item[] {
  return listed.kind === "listed" ? listed.items : [];
}

/** Why lists are not visible, each reason once. */
export function hidden(...lists: readonly Listed<unknown>[]): readonly string[] {
  return [...new Set(lists.flatMap((listed) => (listed.kind === "notVisible" ? [listed.reason] : [])))];
}

export function decoded<Item>(list: ClusterList, decode: (value: unknown) => Item): Listed<Item> {
  if (list.kind !== "listed") return { kind: "notVisible", reason: list.reason };
  try {
    return { kind: "listed", items: list.items.map(decode) };
  } catch (error) {
    // Of another version of the API than this package knows.
    if (error instanceof UserError) return { kind: "notVisible", reason: error.message };
    throw error;
  }
}
