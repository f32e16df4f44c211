/** Reads of a Shoot's objects that are allowed to fail: what cannot be read is reported as not visible. */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { ClusterDocument, ClusterList, ClusterListRequest } from "../garden";
import { isRbacRefusal, readPages, type ApiClient, type ApiStatus } from "../http";

/** Of 500 objects. */
const MOST_PAGES = 60;
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

export async function listObjects(
  client: ApiClient,
  { path, resource, metadataOnly }: ClusterListRequest,
  signal: AbortSignal,
): Promise<ClusterList> {
  try {
    const accept = metadataOnly === true ? METADATA : undefined;
    const request = { path, accept, signal, compressed: true };
    const pages = await readPages(client, request, { most: MOST_PAGES });
    switch (pages.kind) {
      case "ok":
        return listed(pages.bodies, resource);
      case "status":
        return {
          kind: pages.status.code === 404 ? "notServed" : "notVisible",
          reason: reasonOf(pages.status, `list ${resource}`),
        };
      case "tooMany":
        return { kind: "notVisible", reason: `there are more than ${pages.objects} ${resource}` };
    }
  } catch (error) {
    return { kind: "notVisible", reason: failureOf(error, `list ${resource}`, signal) };
  }
}

export async function readDocument(
  client: ApiClient,
  path: string,
  signal: AbortSignal,
): Promise<ClusterDocument> {
  try {
    const request = { method: "GET", path, signal, compressed: true, allowText: true } as const;
    const answer = await client.send(request);
    if (answer.kind === "ok") return { kind: "read", body: answer.body };
    return { kind: "notVisible", reason: reasonOf(answer.status, `get ${path}`) };
  } catch (error) {
    return { kind: "notVisible", reason: failureOf(error, `get ${path}`, signal) };
  }
}

/** What is no list of a page is no empty one. */
function listed(pages: readonly unknown[], resource: string): ClusterList {
  const items = pages.map(itemsOf);
  const known = items.flatMap((page) => page ?? []);
  return items.includes(undefined)
    ? { kind: "notVisible", reason: `the answer to list ${resource} is no list` }
    : { kind: "listed", items: known };
}

function itemsOf(body: unknown): readonly unknown[] | undefined {
  if (!isRecord(body)) return undefined;
  const { items, kind } = body;
  if (Array.isArray(items)) {
    const found: readonly unknown[] = items;
    return found;
  }
  // Go writes null for a list that it has not made.
  const isEmpty = items === null || items === undefined;
  return isEmpty && typeof kind === "string" && kind.endsWith("List") ? [] : undefined;
}

function reasonOf(status: ApiStatus, request: string): string {
  if (isRbacRefusal(status)) return `the right to ${request} is missing`;
  if (status.code === 404) return `the API server does not know what is requested by: ${request}`;
  return `the API server answered ${status.code} to ${request}${status.message === "" ? "" : `: ${status.message}`}`;
}

function failureOf(error: unknown, request: string, signal: AbortSignal): string {
  if (signal.aborted) return `no answer in time to ${request}`;
  if (error instanceof UserError) return error.message;
  throw error;
}
