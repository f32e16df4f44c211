/**
 * What the sandbox needs of the real Gardener's own description of itself: its resources (discovery documents), the
 * fields of its kinds and the keys of their lists (OpenAPI), and the defaults that it fills in.
 */
import { at, isMap, type Json, type JsonMap, map, mapsAt, text, textAt, without } from "../sandbox/json";

/** By group and version, the plural names that the sandbox serves. */
export const SERVED: Readonly<Record<string, readonly string[]>> = {
  v1: ["configmaps", "events", "namespaces", "nodes", "secrets", "serviceaccounts"],
  "authorization.k8s.io/v1": ["selfsubjectaccessreviews"],
  "core.gardener.cloud/v1beta1": [
    ...["cloudprofiles", "controllerregistrations", "internalsecrets", "namespacedcloudprofiles", "projects"],
    ...["secretbindings", "seeds", "shoots"],
  ],
  "security.gardener.cloud/v1alpha1": ["credentialsbindings"],
};

const SUBRESOURCES = ["", "status", "adminkubeconfig", "viewerkubeconfig"];

/** Of other kinds the sandbox knows the metadata alone. */
const DESCRIBED = ["CloudProfile", "NamespacedCloudProfile", "Project", "Shoot"];
const CORE = "com.github.gardener.gardener.pkg.apis.core.v1beta1.";
const METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

export function discoveryPath(groupVersion: string): string {
  return groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
}

/** `resources` of an APIResourceList, without what clients of the sandbox do not read. */
export function servedResources(groupVersion: string, document: JsonMap): JsonMap[] {
  return mapsAt(document, "resources")
    .filter((resource) => {
      const [name = "", subresource = ""] = text(resource.name).split("/");
      return SERVED[groupVersion]?.includes(name) === true && SUBRESOURCES.includes(subresource);
    })
    .map((resource) => without(resource, "storageVersionHash", "categories"));
}

/** `definitions` of the OpenAPI document, version 2: by type the type of each field, "" where any value is allowed. */
export function fieldTables(definitions: JsonMap): JsonMap {
  const tables: JsonMap = {};
  const add = (definition: string): void => {
    if (definition in definitions && !(nameOf(definition) in tables)) {
      const fields: JsonMap = {};
      tables[nameOf(definition)] = fields;
      for (const [name, schema] of Object.entries(map(at(definitions, definition, "properties")))) {
        const below = definitionOf(schema);
        const described = isDescribed(definitions, below);
        fields[name] = field(schema, described ? nameOf(below) : "");
        if (described) add(below);
      }
    }
  };
  for (const definition of [...DESCRIBED.map((kind) => `${CORE}${kind}`), METADATA]) add(definition);
  return sorted(tables);
}

function definitionOf(schema: Json): string {
  const reference = textAt(schema, "$ref") || textAt(schema, "items", "$ref");
  return reference.replace("#/definitions/", "");
}

/** Times, quantities and raw extensions have no fields. */
function isDescribed(definitions: JsonMap, definition: string): boolean {
  return isMap(at(definitions, definition, "properties"));
}

function field(schema: Json, type: string): Json {
  if (!textAt(schema, "x-kubernetes-patch-strategy").split(",").includes("merge")) return type;
  const mergeKey = textAt(schema, "x-kubernetes-patch-merge-key");
  return mergeKey === "" ? { type, set: true } : { type, mergeKey };
}

const nameOf = (definition: string) => definition.slice(definition.lastIndexOf(".") + 1);

function sorted(value: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What `stored` has and `sent` has not. */
export function added(sent: Json | undefined, stored: Json): Json | undefined {
  if (sent === undefined) return stored;
  if (!isMap(sent) || !isMap(stored)) return undefined;
  const entries = Object.entries(stored).flatMap(([key, value]) => {
    const more = added(sent[key], value);
    return more === undefined || (isMap(more) && Object.keys(more).length === 0)
      ? []
      : [[key, more] as const];
  });
  return sorted(Object.fromEntries(entries));
}
