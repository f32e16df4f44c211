/** What kubectl asks before it asks for anything: versions, groups, resources. */
import type { Json, JsonMap } from "../json";
import { accessReviews, apiVersion, type Resource, resources } from "./resource";

/** Of the garden's kube-apiserver. */
export const GARDEN_VERSION: JsonMap = {
  major: "1",
  minor: "34",
  gitVersion: "v1.34.2-sandbox",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "linux/amd64",
};

const discovered: readonly Resource[] = [...resources, accessReviews];

export function coreVersions(): JsonMap {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

export function groupList(): JsonMap {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groupNames().map(group) };
}

export function findGroup(name: string): JsonMap | undefined {
  return groupNames().includes(name) ? { kind: "APIGroup", apiVersion: "v1", ...group(name) } : undefined;
}

function groupNames(): string[] {
  return [...new Set(discovered.map((one) => one.group))].filter((name) => name !== "");
}

function group(name: string): JsonMap {
  const versions = [...new Set(discovered.filter((one) => one.group === name).map((one) => one.version))].map(
    (version): JsonMap => ({ groupVersion: `${name}/${version}`, version }),
  );
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

export function resourceList(groupName: string, version: string): JsonMap | undefined {
  const found = discovered.filter((one) => one.group === groupName && one.version === version);
  if (found.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersion({ group: groupName, version }),
    resources: found.flatMap(entries),
  };
}

function entries(resource: Resource): Json[] {
  const base = { namespaced: resource.namespaced, singularName: "" };
  const verbs =
    resource === accessReviews ? ["create"] : ["create", "delete", "get", "list", "patch", "update", "watch"];
  const all: Json[] = [
    {
      name: resource.resource,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs,
      ...(resource.shortNames.length === 0 ? {} : { shortNames: [...resource.shortNames] }),
    },
  ];
  if (resource.status) {
    all.push({
      ...base,
      name: `${resource.resource}/status`,
      kind: resource.kind,
      verbs: ["get", "patch", "update"],
    });
  }
  for (const [name, action] of Object.entries(resource.actions)) {
    all.push({ ...base, name: `${resource.resource}/${name}`, ...action, verbs: ["create"] });
  }
  return all;
}
