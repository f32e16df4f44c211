/**
 * Lists of an API server, page by page, as they are now. `resourceVersion=0` would let it answer from its cache, which is cheaper
 * for it and may be of minutes ago: what is read here decides what is written, or whether a rollout is blocked.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
import { isRecord } from "../../model/json";
import type { ApiClient } from "./client";
import type { ApiRequest } from "./request";
import type { ApiStatus } from "./status";

/** kubectl requests as many. */
const PAGE_SIZE = 500;
/** Of large objects, such as Shoots of 10 to 20 kB: a larger page blocks the event loop for a tenth of a second while it is parsed. */
export const SMALL_PAGE = 250;
const GONE = 410;

export type Pages =
  | { readonly kind: "ok"; readonly bodies: readonly unknown[] }
  /** The server does not grant one of them. */
  | { readonly kind: "status"; readonly status: ApiStatus }
  /** There are more pages than allowed. */
  | { readonly kind: "tooMany"; readonly objects: number };

export interface PageOptions {
  /** Pages that are read; by default all. */
  readonly most?: number;
  /** Objects of a page. */
  readonly pageSize?: number;
}

export async function readPages(
  client: ApiClient,
  request: Omit<ApiRequest, "method">,
  { most = Number.POSITIVE_INFINITY, pageSize = PAGE_SIZE }: PageOptions = {},
): Promise<Pages> {
  const bodies: unknown[] = [];
  let next: string | undefined;
  let startedAgain = false;
  for (;;) {
    if (bodies.length >= most) return { kind: "tooMany", objects: most * pageSize };
    const query = {
      limit: String(pageSize),
      ...request.query,
      ...(next !== undefined && { continue: next }),
    };
    const answer = await client.send({ ...request, method: "GET", query });
    if (answer.kind === "status") {
      // The pages of a list are of one moment, which the API server does not keep for long.
      if (answer.status.code !== GONE || next === undefined || startedAgain) return answer;
      startedAgain = true;
      bodies.length = 0;
      next = undefined;
      continue;
    }
    bodies.push(answer.body);
    next = continueOf(answer.body);
    if (next === undefined) return { kind: "ok", bodies };
  }
}

function continueOf(body: unknown): string | undefined {
  const metadata = isRecord(body) ? body["metadata"] : undefined;
  const token = isRecord(metadata) ? metadata["continue"] : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}
