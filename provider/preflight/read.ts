/** Reads the objects that the checks evaluate, side by side. Secrets are not among them. */
import { setMaxListeners } from "node:events";
import type { ClusterListRequest, ShootCluster } from "../garden/garden";
import { decodeEndpointSlice, decodeService } from "./objects/backend";
import { decodeBudget } from "./objects/budget";
import { decodeApiService, decodeCrd } from "./objects/extensions";
import { decoded, type Listed } from "./objects/listed";
import { decodeMetadata } from "./objects/metadata";
import { decodeNode } from "./objects/node";
import type { ClusterObjects } from "./objects/objects";
import { decodePod } from "./objects/pod";
import { decodeStatefulSet, decodeVolume } from "./objects/volumes";
import { decodeWebhooks } from "./objects/webhook";
import { readApiUses } from "./readApiUses";
import { root } from "../garden/field";
import type { Work } from "./work";

const admission = "/apis/admissionregistration.k8s.io/v1";

/** Everything that is read of a Shoot. */
export const lists = {
  nodes: { path: "/api/v1/nodes", resource: "nodes" },
  pods: { path: "/api/v1/pods", resource: "pods" },
  budgets: { path: "/apis/policy/v1/poddisruptionbudgets", resource: "poddisruptionbudgets" },
  statefulSets: { path: "/apis/apps/v1/statefulsets", resource: "statefulsets" },
  volumes: { path: "/api/v1/persistentvolumes", resource: "persistentvolumes" },
  namespaces: { path: "/api/v1/namespaces", resource: "namespaces", metadataOnly: true },
  services: { path: "/api/v1/services", resource: "services" },
  endpointSlices: { path: "/apis/discovery.k8s.io/v1/endpointslices", resource: "endpointslices" },
  validatingWebhooks: {
    path: `${admission}/validatingwebhookconfigurations`,
    resource: "validatingwebhookconfigurations",
  },
  mutatingWebhooks: {
    path: `${admission}/mutatingwebhookconfigurations`,
    resource: "mutatingwebhookconfigurations",
  },
  crds: {
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    resource: "customresourcedefinitions",
  },
  apiServices: { path: "/apis/apiregistration.k8s.io/v1/apiservices", resource: "apiservices" },
} as const satisfies Readonly<Record<string, ClusterListRequest>>;

/** Pods matter to steps that drain nodes; they are most of what there is to read. */
const unneeded: Listed<never> = { kind: "listed", items: [] };

/** @param metrics whether the kubeconfig may read the API server's metrics. */
export async function readObjects(
  cluster: ShootCluster,
  work: Work,
  { metrics, signal }: { readonly metrics: boolean; readonly signal: AbortSignal },
): Promise<ClusterObjects> {
  // One for each of the reads.
  setMaxListeners(0, signal);
  const listed = reader(cluster, signal);
  const drains = work.drained.size > 0;
  const [drain, statefulSets, volumes, namespaces, services, endpointSlices, others] = await Promise.all([
    drains
      ? readDrainObjects(cluster, signal)
      : listed(lists.nodes, decodeNode).then((nodes) => ({ nodes, pods: unneeded, budgets: unneeded })),
    drains ? listed(lists.statefulSets, decodeStatefulSet) : unneeded,
    drains ? listed(lists.volumes, decodeVolume) : unneeded,
    listed(lists.namespaces, (value) => decodeMetadata(root("A Namespace of the Shoot", value))),
    listed(lists.services, decodeService),
    listed(lists.endpointSlices, decodeEndpointSlice),
    Promise.all([
      listed(lists.validatingWebhooks, decodeWebhooks("ValidatingWebhookConfiguration")),
      listed(lists.mutatingWebhooks, decodeWebhooks("MutatingWebhookConfiguration")),
      listed(lists.crds, decodeCrd),
      listed(lists.apiServices, decodeApiService),
      readApiUses(cluster, work, metrics, signal),
    ]),
  ]);
  const [validatingWebhooks, mutatingWebhooks, crds, apiServices, apiUses] = others;
  return {
    ...drain,
    ...{ statefulSets, volumes, namespaces, services, endpointSlices },
    ...{ validatingWebhooks, mutatingWebhooks, crds, apiServices, apiUses },
  };
}

/** What decides whether a pod can be evicted. */
export async function readDrainObjects(
  cluster: ShootCluster,
  signal: AbortSignal,
): Promise<Pick<ClusterObjects, "nodes" | "pods" | "budgets">> {
  const listed = reader(cluster, signal);
  const [nodes, pods, budgets] = await Promise.all([
    listed(lists.nodes, decodeNode),
    listed(lists.pods, decodePod),
    listed(lists.budgets, decodeBudget),
  ]);
  return { nodes, pods, budgets };
}

function reader(cluster: ShootCluster, signal: AbortSignal) {
  return async <Item>(request: ClusterListRequest, decode: (value: unknown) => Item): Promise<Listed<Item>> =>
    decoded(await cluster.list(request, signal), decode);
}

/** Of a cluster that cannot be reached. */
export function noObjects(reason: string): ClusterObjects {
  const none = { kind: "notVisible", reason } as const;
  return {
    ...{ nodes: none, pods: none, budgets: none, statefulSets: none, volumes: none, namespaces: none },
    ...{ services: none, endpointSlices: none, validatingWebhooks: none, mutatingWebhooks: none },
    ...{ crds: none, apiServices: none, apiUses: { kind: "notVisible", reason } },
  };
}
