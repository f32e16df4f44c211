/**
 * Pages of lists, `limit` and `continue`: all pages of a list are of one moment.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import { randomUUID } from "node:crypto";
import type { Recorded } from "../http";
import type { JsonMap } from "../json";
import { badRequest, pageExpired } from "./failure";

export interface Page {
  readonly items: readonly JsonMap[];
  readonly metadata: JsonMap;
}

/** What is left of a list, or all of it. */
interface Contents {
  readonly items: readonly JsonMap[];
  readonly resourceVersion: string;
}

interface Kept extends Contents {
  /** Path and selectors, the same for all pages. */
  readonly request: string;
}

/** So many pages can be continued; the API server keeps the state of a list for five minutes. */
const KEPT = 20;

export function createPages() {
  const kept = new Map<string, Kept>();

  function continued(token: string, request: string): Contents {
    const list = kept.get(token);
    if (list === undefined) throw pageExpired();
    if (list.request !== request) throw badRequest("continue: the path and the selectors are others");
    return list;
  }

  return {
    /** @param list all items, where a list begins. */
    page({ path, query }: Pick<Recorded, "path" | "query">, list: () => Contents): Page {
      const { labelSelector = "", fieldSelector = "", continue: token = "" } = query;
      const limit = Number(query.limit ?? "0");
      if (!Number.isInteger(limit))
        throw badRequest(`limit: expected an integer, found ${query.limit ?? ""}`);
      const request = JSON.stringify([path, labelSelector, fieldSelector]);
      const { items, resourceVersion } = token === "" ? list() : continued(token, request);
      const following = limit > 0 ? items.slice(limit) : [];
      if (following.length === 0) return { items, metadata: { resourceVersion } };
      const next = randomUUID();
      kept.set(next, { request, items: following, resourceVersion });
      for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
      // The API server does not count what a selector leaves.
      const isSelected = labelSelector !== "" || fieldSelector !== "";
      const remaining: JsonMap = isSelected ? {} : { remainingItemCount: following.length };
      return { items: items.slice(0, limit), metadata: { resourceVersion, continue: next, ...remaining } };
    },
  };
}
