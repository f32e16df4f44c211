/**
 * Pages of lists, `limit` and `continue`: all pages of a list are of one moment.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import { randomUUID } from "node:crypto";
import type { JsonMap } from "../json";
import { badRequest, pageExpired } from "./failure";

export interface Page {
  readonly items: readonly JsonMap[];
  readonly metadata: JsonMap;
}

/** A list, and what the request for each of its pages has: its path and its selectors. */
interface List {
  readonly request: string;
  readonly isSelected: boolean;
  readonly items: readonly JsonMap[];
  readonly resourceVersion: string;
}

/** So many pages can be continued; the API server keeps the state of a list for five minutes. */
const KEPT = 20;

export function createPages() {
  const kept = new Map<string, List>();

  function pageOf(list: List, limit: number): Page {
    const { items, resourceVersion } = list;
    const following = limit > 0 ? items.slice(limit) : [];
    if (following.length === 0) return { items, metadata: { resourceVersion } };
    const token = randomUUID();
    kept.set(token, { ...list, items: following });
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
    // The API server does not count what a selector leaves.
    const remaining: JsonMap = list.isSelected ? {} : { remainingItemCount: following.length };
    return { items: items.slice(0, limit), metadata: { resourceVersion, continue: token, ...remaining } };
  }

  return {
    /** @param limit 0: all items. */
    first: pageOf,
    next(token: string, request: string, limit: number): Page {
      const list = kept.get(token);
      if (list === undefined) throw pageExpired();
      if (list.request !== request) throw badRequest("continue: the path and the selectors are others");
      return pageOf(list, limit);
    },
  };
}
