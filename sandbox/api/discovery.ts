/** What kubectl reads before anything else: version, groups, resources, and the parts of OpenAPI that it needs. */
import type { JsonMap } from "../json";
import { accessReviews, apiVersion, type Resource } from "./resource";

export function versionInfo(version: string): JsonMap {
  const [major = "", minor = ""] = version.split(".");
  return { major, minor, gitVersion: `v${version}`, platform: "linux/amd64" };
}

/** Undefined where the path is none of discovery. */
export function discover(path: string, served: readonly Resource[]): JsonMap | undefined {
  const [root, ...steps] = path.split("/").filter((step) => step !== "");
  const below = steps.join("/");
  const groups = [...new Set(served.map((one) => one.group))].filter((group) => group !== "");
  if (root === "openapi" && steps[0] === "v3") return openApi(steps.slice(1).join("/"), served);
  if (root === "api" && below === "") {
    return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  }
  if (root === "apis" && below === "") {
    const all = groups.map((group) => groupOf(group, served));
    return { kind: "APIGroupList", apiVersion: "v1", groups: all };
  }
  if (root === "apis" && groups.includes(below)) {
    return { kind: "APIGroup", apiVersion: "v1", ...groupOf(below, served) };
  }
  const found = served.filter((one) => apiVersion(one) === below && (one.group === "") === (root === "api"));
  if (found.length === 0) return undefined;
  const entries = found.flatMap((one) => one.entries.map((entry) => ({ ...entry })));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: below, resources: entries };
}

function groupOf(name: string, served: readonly Resource[]): JsonMap {
  const found = new Set(served.filter((one) => one.group === name).map((one) => one.version));
  const versions = [...found].map((version): JsonMap => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

/** Which verbs know dry runs and field validation. */
function openApi(document: string, served: readonly Resource[]): JsonMap | undefined {
  const documentOf = (one: Resource) => `${one.group === "" ? "api" : "apis"}/${apiVersion(one)}`;
  if (document === "") {
    const paths: JsonMap = {};
    for (const name of served.map(documentOf)) paths[name] = { serverRelativeURL: `/openapi/v3/${name}` };
    return { paths };
  }
  const paths: JsonMap = {};
  for (const one of served.filter((one) => documentOf(one) === document && one !== accessReviews)) {
    paths[`/${document}/${one.resource}/{name}`] = operations(one);
  }
  if (Object.keys(paths).length === 0) return undefined;
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "unversioned" }, paths, components: {} };
}

function operations({ group, version, kind }: Resource): JsonMap {
  const parameters = ["dryRun", "fieldManager", "fieldValidation"].map((name): JsonMap => ({
    name,
    in: "query",
  }));
  const gvk = { group, version, kind };
  const verbs = ["post", "put", "patch", "delete"];
  return Object.fromEntries(
    verbs.map((verb) => [verb, { "x-kubernetes-group-version-kind": gvk, parameters, responses: {} }]),
  );
}
