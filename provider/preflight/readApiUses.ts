/** Reads who uses versions of Kubernetes' own APIs that a minor drops. */
import { at, ifUsable, list, optionalText, root } from "../garden/field";
import type { ClusterDocument, ClusterList, ShootCluster } from "../garden/garden";
import { groupVersionOf, type ApiVersion } from "./apiVersion";
import { removedIn } from "./apiVersions";
import {
  decodeManagedObject,
  decodeRequestedApis,
  type ApiUse,
  type ApiUses,
  type RequestedApi,
} from "./objects/apiUse";
import { decoded, type Listed } from "./objects/listed";
import type { Work } from "./work";

const NONE = { kind: "listed", items: [] } as const;

/** Versions that the minors on the way no longer serve, and those of the minor after them. */
export async function readApiUses(
  cluster: ShootCluster,
  { minors, kubernetesVersion }: Work,
  metrics: boolean,
  signal: AbortSignal,
): Promise<ApiUses> {
  const served = await servedVersions(cluster, signal);
  const apis = removedIn([...minors, minorAfter(kubernetesVersion)]).filter(({ listed }) => listed);
  const [uses, requested] = await Promise.all([
    Promise.all(
      apis.map(async (api): Promise<ApiUse> => {
        const request = {
          path: `/apis/${groupVersionOf(api)}/${api.resource}`,
          resource: `${api.resource}.${api.group}`,
          metadataOnly: true,
        };
        // A version that is not served is not used either.
        if (served !== undefined && !served.has(groupVersionOf(api))) return { api, objects: NONE };
        const answer = await cluster.list(request, signal);
        const unused = answer.kind === "notServed" || !(await mayBeServed(cluster, api, answer, signal));
        return { api, objects: unused ? NONE : decoded(answer, decodeManagedObject) };
      }),
    ),
    metrics ? cluster.read("/metrics", signal) : undefined,
  ]);
  return { kind: "read", uses, requested: decodeMetrics(requested) };
}

/**
 * Every authenticated user may read the discovery documents. Viewers may list what was served when their role was written alone, so
 * that for a version that is not served the right is missing as well. Undefined: it cannot be read.
 */
async function servedVersions(
  cluster: ShootCluster,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  return namesIn(await cluster.read("/apis", signal), (document) =>
    list(at(document, "groups")).flatMap((group) =>
      list(at(group, "versions")).flatMap((version) => optionalText(at(version, "groupVersion")) ?? []),
    ),
  );
}

/** False where the version is served without this resource. */
async function mayBeServed(
  cluster: ShootCluster,
  api: ApiVersion,
  answer: ClusterList,
  signal: AbortSignal,
): Promise<boolean> {
  if (answer.kind !== "notVisible") return true;
  const document = await cluster.read(`/apis/${groupVersionOf(api)}`, signal);
  const resources = namesIn(document, (found) =>
    list(at(found, "resources")).flatMap((resource) => optionalText(at(resource, "name")) ?? []),
  );
  return resources?.has(api.resource) ?? true;
}

function namesIn(
  document: ClusterDocument,
  names: (document: ReturnType<typeof root>) => readonly string[],
): ReadonlySet<string> | undefined {
  if (document.kind !== "read") return undefined;
  const { body } = document;
  const found = ifUsable(() => new Set(names(root("A discovery document of the Shoot", body))));
  // No API server serves nothing.
  return found?.size === 0 ? undefined : found;
}

function decodeMetrics(metrics: ClusterDocument | undefined): Listed<RequestedApi> {
  if (metrics?.kind === "notVisible") return metrics;
  const text = typeof metrics?.body === "string" ? metrics.body : "";
  return { kind: "listed", items: decodeRequestedApis(text) };
}

function minorAfter(version: string): string {
  const [major = "1", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}`;
}
