/** Lists of objects that may not be readable. */

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
