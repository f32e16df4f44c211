/**
 * What runs in a Shoot of the sandbox: three workloads of a shop, one of which, the cart, has a pod that is not ready under a
 * PodDisruptionBudget, and a webhook. Their controllers are not simulated; pods move when their node is drained.
 */
import { type Resource, namespaces, nodes } from "../api/resource";
import type { Store } from "../api/store";
import { at, type JsonMap, map, textAt } from "../json";

const served = (
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespaced: boolean,
): Resource => ({
  ...{ group, version, resource, kind, namespaced },
  entries: [
    { name: resource, singularName: kind.toLowerCase(), namespaced, kind, verbs: ["get", "list", "watch"] },
  ],
  subresources: [],
  unconditionalUpdate: true,
});

export const podDisruptionBudgets = served(
  "policy",
  "v1",
  "poddisruptionbudgets",
  "PodDisruptionBudget",
  true,
);
export const pods = served("", "v1", "pods", "Pod", true);

/** What is served beside Nodes, Namespaces and ConfigMaps. */
export const workloadResources: readonly Resource[] = [
  pods,
  served("", "v1", "services", "Service", true),
  served("", "v1", "persistentvolumes", "PersistentVolume", false),
  served("apps", "v1", "statefulsets", "StatefulSet", true),
  podDisruptionBudgets,
  served("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
  served(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    false,
  ),
  served(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    false,
  ),
  served("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false),
  served("apiregistration.k8s.io", "v1", "apiservices", "APIService", false),
];

const NAMESPACE = "shop";
const HASH = "5d8f6c7b9";

/** Puts them into the store, and keeps the pods on nodes from then on. */
export function runWorkloads(store: Store): void {
  for (const object of workloads()) store.put(object);
  store.onChange(({ resource }) => {
    if (resource === nodes) schedule(store);
  });
}

/** Pods whose node is gone or cordoned move to one that is neither. */
function schedule(store: Store): void {
  const open = store.list(nodes).filter((node) => at(node, "spec", "unschedulable") !== true);
  const names = open.map((node) => textAt(node, "metadata", "name"));
  store.list(pods).forEach((pod, index) => {
    if (names.length === 0 || names.includes(textAt(pod, "spec", "nodeName"))) return;
    store.edit(pods, textAt(pod, "metadata", "namespace"), textAt(pod, "metadata", "name"), (object) => {
      object.spec = { ...map(object.spec), nodeName: names[index % names.length] ?? "" };
    });
  });
}

function workloads(): readonly JsonMap[] {
  return [
    { ...named(namespaces.kind, "v1", NAMESPACE, undefined), status: { phase: "Active" } },
    ...["web-1", "web-2"].map((name) => pod(name, "web")),
    budget("web", { expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 }),
    pod("cart-1", "cart"),
    pod("cart-2", "cart", false),
    budget("cart", { expectedPods: 2, currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0 }),
    pod("search-1", "search"),
    named("Service", "v1", "web", NAMESPACE, { spec: { type: "ClusterIP" } }),
    named("EndpointSlice", "discovery.k8s.io/v1", "web", NAMESPACE, {
      labels: { "kubernetes.io/service-name": "web" },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.96.0.10"], conditions: { ready: true } }],
    }),
    named(
      "ValidatingWebhookConfiguration",
      "admissionregistration.k8s.io/v1",
      "orders.shop.example",
      undefined,
      {
        webhooks: [
          {
            name: "orders.shop.example",
            failurePolicy: "Fail",
            timeoutSeconds: 5,
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
            clientConfig: { service: { namespace: NAMESPACE, name: "web", path: "/orders" } },
            rules: [
              {
                operations: ["CREATE"],
                apiGroups: ["shop.example"],
                apiVersions: ["v1"],
                resources: ["orders"],
              },
            ],
          },
        ],
      },
    ),
  ];
}

function named(
  kind: string,
  apiVersion: string,
  name: string,
  namespace: string | undefined,
  { labels = {}, ...content }: JsonMap = {},
): JsonMap {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), generation: 1, labels },
    ...content,
  };
}

function pod(name: string, app: string, ready = true): JsonMap {
  const object = named("Pod", "v1", name, NAMESPACE, {
    labels: { app, "pod-template-hash": HASH },
    spec: { containers: [{ name: app, image: `shop.example/${app}:1.0` }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  });
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: `${app}-${HASH}`,
    uid: `${app}-${HASH}`,
    controller: true,
  };
  return { ...object, metadata: { ...map(object.metadata), ownerReferences: [owner] } };
}

function budget(app: string, status: JsonMap): JsonMap {
  return named("PodDisruptionBudget", "policy/v1", app, NAMESPACE, {
    spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
    status: { observedGeneration: 1, ...status },
  });
}
