/** What a Shoot's API says about itself, and what its paths mean. */
import type { JsonMap } from "../json";

export const RESOURCES = {
  nodes: { kind: "Node", namespaced: false, short: ["no"] },
  namespaces: { kind: "Namespace", namespaced: false, short: ["ns"] },
  configmaps: { kind: "ConfigMap", namespaced: true, short: ["cm"] },
} as const;

type Resource = keyof typeof RESOURCES;

const VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"];

export interface Target {
  readonly resource: Resource;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly status: boolean;
}

export function discover(path: string, kubernetesVersion: string | undefined): JsonMap | undefined {
  switch (path) {
    case "/version": {
      const version = kubernetesVersion ?? "0.0.0";
      const [major = "0", minor = "0"] = version.split(".");
      return {
        major,
        minor,
        gitVersion: `v${version}`,
        gitCommit: "",
        gitTreeState: "clean",
        buildDate: "1970-01-01T00:00:00Z",
        goVersion: "none: pulumi-gardener's sandbox",
        compiler: "",
        platform: "linux/amd64",
      };
    }
    case "/api":
      return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    case "/apis":
      return { kind: "APIGroupList", apiVersion: "v1", groups: [] };
    case "/api/v1":
      return {
        kind: "APIResourceList",
        groupVersion: "v1",
        resources: Object.entries(RESOURCES).map(([name, { kind, namespaced, short }]) => ({
          name,
          singularName: kind.toLowerCase(),
          namespaced,
          kind,
          verbs: VERBS,
          shortNames: [...short],
        })),
      };
    default:
      return undefined;
  }
}

export function targetOf(path: string): Target | undefined {
  const [api, version, ...rest] = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  if (api !== "api" || version !== "v1") return undefined;
  const namespaced = rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status";
  const [resource, name, sub, ...more] = namespaced ? rest.slice(2) : rest;
  const status = sub === "status";
  if (more.length > 0 || (sub !== undefined && !status)) return undefined;
  if (resource === undefined || !isResource(resource)) return undefined;
  if (RESOURCES[resource].namespaced)
    return { resource, namespace: namespaced ? rest[1] : undefined, name, status };
  return namespaced ? undefined : { resource, namespace: "", name, status };
}

function isResource(name: string): name is Resource {
  return name in RESOURCES;
}
