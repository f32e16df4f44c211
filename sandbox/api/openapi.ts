/** As much OpenAPI as kubectl asks for: which verbs know dry runs and field validation. */
import type { JsonMap } from "../json";
import { apiVersion, type Resource, resources } from "./resource";

const documentOf = (resource: Pick<Resource, "group" | "version">) =>
  resource.group === "" ? `api/${resource.version}` : `apis/${apiVersion(resource)}`;

export function openApiIndex(): JsonMap {
  const paths: JsonMap = {};
  for (const resource of resources) {
    const document = documentOf(resource);
    paths[document] = { serverRelativeURL: `/openapi/v3/${document}` };
  }
  return { paths };
}

export function openApiDocument(document: string): JsonMap | undefined {
  const served = resources.filter((one) => documentOf(one) === document);
  if (served.length === 0) return undefined;
  const paths: JsonMap = {};
  for (const resource of served) {
    const place = resource.namespaced ? `namespaces/{namespace}/${resource.resource}` : resource.resource;
    paths[`/${document}/${place}`] = { post: operation(resource, "post") };
    paths[`/${document}/${place}/{name}`] = {
      put: operation(resource, "put"),
      patch: operation(resource, "patch"),
      delete: operation(resource, "delete"),
    };
  }
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "unversioned" }, paths, components: {} };
}

function operation(resource: Resource, action: string): JsonMap {
  const names = ["dryRun", "fieldManager", "fieldValidation"];
  return {
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": {
      group: resource.group,
      version: resource.version,
      kind: resource.kind,
    },
    parameters: names.map((name) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } })),
    responses: { "200": { description: "OK" } },
  };
}
