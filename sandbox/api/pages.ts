/**
 * Pages of lists, `limit` and `continue`: all pages of a list are of one moment.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import { randomUUID } from "node:crypto";
import type { JsonMap } from "../json";
import { pageExpired } from "./failure";

export interface Page {
  readonly items: readonly JsonMap[];
  readonly metadata: JsonMap;
}

/** What follows a page. */
interface Rest {
  readonly items: readonly JsonMap[];
  readonly resourceVersion: string;
}

export type Pages = ReturnType<typeof createPages>;

/** So many lists may be read at the same time; the API server keeps them for five minutes. */
const KEPT = 100;

export function createPages() {
  const kept = new Map<string, Rest>();

  /** @param limit 0: all items. */
  function pageOf({ items, resourceVersion }: Rest, limit: number): Page {
    const following = limit > 0 ? items.slice(limit) : [];
    if (following.length === 0) return { items, metadata: { resourceVersion } };
    const token = randomUUID();
    kept.set(token, { items: following, resourceVersion });
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
    const metadata = { resourceVersion, continue: token, remainingItemCount: following.length };
    return { items: items.slice(0, limit), metadata };
  }

  return {
    first: pageOf,
    next(token: string, limit: number): Page {
      const rest = kept.get(token);
      if (rest === undefined) throw pageExpired();
      return pageOf(rest, limit);
    },
  };
}
