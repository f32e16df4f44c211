/** Paths of the API. */
import { stepsOf } from "../http";
import type { Target } from "./objects";
import type { Resource } from "./resource";

/** What a path of the API names. `allNamespaces`: or none. */
export interface PathTarget extends Target {
  readonly allNamespaces: boolean;
}

/** Undefined where nothing is served. */
export function targetOf(path: string, served: readonly Resource[]): PathTarget | undefined {
  const [root, ...rest] = stepsOf(path);
  if (root !== "api" && root !== "apis") return undefined;
  const [group = "", version] = root === "api" ? ["", rest[0]] : rest;
  const below = rest.slice(root === "api" ? 1 : 2);
  const find = (name: string | undefined) =>
    served.find((one) => one.group === group && one.version === version && one.resource === name);
  // `namespaces/x/shoots` names a collection in a namespace, `namespaces/x` and `namespaces/x/status` a namespace.
  const namespaced = below[0] === "namespaces" ? find(below[2]) : undefined;
  const [resource, namespace, steps] =
    namespaced?.namespaced === true
      ? [namespaced, below[1], below.slice(3)]
      : [find(below[0]), undefined, below.slice(1)];
  const [name = "", subresource = "", ...more] = steps;
  if (resource === undefined || more.length > 0) return undefined;
  if (resource.namespaced && namespace === undefined && name !== "") return undefined;
  if (subresource !== "" && !resource.subresources.includes(subresource)) return undefined;
  return { resource, namespace: namespace ?? "", allNamespaces: namespace === undefined, name, subresource };
}
