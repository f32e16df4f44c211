/** Where a path of the API leads. */
import { accessReviews, findResource, type Resource } from "./resource";

export interface ApiPath {
  readonly resource: Resource;
  /** Undefined: all namespaces, or none. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
}

export function parsePath(path: string): ApiPath | undefined {
  const steps = path
    .split("/")
    .filter((step) => step !== "")
    .map(decodeURIComponent);
  const [root, ...rest] = steps;
  if (root !== "api" && root !== "apis") return undefined;
  const [group = "", version] = root === "api" ? ["", rest[0]] : rest;
  const below = rest.slice(root === "api" ? 1 : 2);
  if (group === accessReviews.group && below[0] === accessReviews.resource) {
    return { resource: accessReviews, namespace: undefined, name: "", subresource: "" };
  }
  const find = (name: string | undefined) => findResource(group, version ?? "", name ?? "");
  // `namespaces/x/shoots` leads into a namespace, `namespaces/x` and `namespaces/x/status` to one.
  if (below[0] === "namespaces" && below.length >= 3) {
    const resource = find(below[2]);
    if (resource?.namespaced === true) return pathOf(resource, below[1], below.slice(3));
  }
  const resource = find(below[0]);
  if (resource === undefined || (resource.namespaced && below.length > 1)) return undefined;
  return pathOf(resource, undefined, below.slice(1));
}

function pathOf(
  resource: Resource,
  namespace: string | undefined,
  rest: readonly string[],
): ApiPath | undefined {
  const [name = "", subresource = "", ...more] = rest;
  return more.length > 0 ? undefined : { resource, namespace, name, subresource };
}
