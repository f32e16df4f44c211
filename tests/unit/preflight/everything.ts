/** A Shoot in which every rule of the checks finds something. */
import type { ManagedSeed } from "../../../provider/preflight/managedSeed";
import { aCondition, aPool } from "../builders";
import { aBudget, aNode, aPod, endpoints, service, type Given } from "./scene";

const version = "admissionregistration.k8s.io/v1beta1";
const managed = (name: string) => ({
  metadata: {
    name,
    annotations: {
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ apiVersion: version }),
    },
    managedFields: [
      { manager: "helm", operation: "Update", apiVersion: version, time: "2026-11-20T08:00:00Z" },
    ],
  },
});

const dedicated = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
const clientConfig = (name: string) => ({ service: { namespace: "shop", name } });
const onPods = [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }];
const onOrders = [
  { operations: ["*"], apiGroups: ["shop.example"], apiVersions: ["v1"], resources: ["orders"] },
];
const inShop = { matchLabels: { "kubernetes.io/metadata.name": "shop" } };
const webhook = (name: string, parts: object, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  webhooks: [
    {
      ...{ name: `${name}.example`, failurePolicy: "Fail", timeoutSeconds: 10, rules: onPods },
      clientConfig: clientConfig("alive"),
      ...parts,
    },
  ],
});

const workload = (app: string, node: string, spec: object = {}) =>
  aPod(`${app}-1`, { node, labels: { app }, owner: { kind: "StatefulSet", name: app }, spec });
const budget = (app: string, name: string, parts: object = {}) =>
  aBudget({ name, spec: { selector: { matchLabels: { app } } }, ...parts });
const holding = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 };

export const to134: Given = {
  work: { minors: ["1.34"], kubernetesVersion: "1.34.3", drained: new Set(["pool-a", "tight", "all"]) },
  metrics: `apiserver_requested_deprecated_apis{group="admissionregistration.k8s.io",removed_release="1.34",resource="validatingadmissionpolicies",version="v1beta1"} 1`,
  shoot: {
    workers: [
      aPool({ maximum: 4 }),
      aPool({ name: "tight", maxSurge: 0, maxUnavailable: 1, taints: [dedicated] }),
      aPool({ name: "all", maximum: 2, maxSurge: "100%" }),
    ],
    networks: { pods: "10.0.0.0/24", nodeCidrMaskSize: 24 },
    conditions: [aCondition({ status: "False", message: "node-1 is not ready" })],
  },
  objects: {
    nodes: [
      aNode("node-1", { labels: { disk: "ssd" } }),
      aNode("node-2", { ready: false }),
      aNode("node-3", { spec: { unschedulable: true } }),
      aNode("node-4", { annotations: { "node.machine.sapcloud.io/preserve": "now" } }),
      aNode("tight-1", { pool: "tight", spec: { taints: [dedicated] } }),
      aNode("old-1", { pool: "old", version: "1.29.1", spec: { taints: [dedicated] } }),
    ],
    pods: [
      aPod("single", { owner: null, spec: { volumes: [{ name: "d", hostPath: { path: "/d" } }] } }),
      workload("db", "node-1", {
        terminationGracePeriodSeconds: 3600,
        volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }],
      }),
      workload("bound", "node-1", { nodeSelector: { "kubernetes.io/hostname": "node-1" } }),
      workload("ssd", "node-1", { nodeSelector: { disk: "ssd" } }),
      workload("scratch", "node-1", { volumes: [{ name: "d", emptyDir: {} }] }),
      workload("tainted", "tight-1", { nodeSelector: { "worker.gardener.cloud/pool": "tight" } }),
      workload("never", "node-1"),
      workload("twice", "node-1"),
      workload("now", "node-1"),
      workload("late", "node-1"),
      workload("hooks", "node-1"),
    ],
    statefulSets: [{ metadata: { namespace: "shop", name: "db" }, spec: { replicas: 2 }, status: {} }],
    volumes: [
      {
        metadata: { name: "pv-1" },
        spec: {
          claimRef: { namespace: "shop", name: "data" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] }],
                },
              ],
            },
          },
        },
      },
    ],
    budgets: [
      budget("never", "never", { spec: { selector: { matchLabels: { app: "never" } }, maxUnavailable: 0 } }),
      budget("twice", "twice-a"),
      budget("twice", "twice-b"),
      budget("now", "now", { status: holding }),
      budget("late", "late", { generation: 2 }),
    ],
    services: [service("shop", "alive")],
    endpointSlices: [endpoints("shop", "alive", true, ["hooks-1"])],
    namespaces: [{ metadata: { name: "shop", labels: inShop.matchLabels } }],
    validatingWebhooks: [
      webhook("critical", { rules: [{ ...onPods[0], resources: ["nodes"] }] }),
      webhook(
        "confirmed",
        { rules: [{ ...onPods[0], resources: ["nodes"] }] },
        {
          labels: { "remediation.webhook.shoot.gardener.cloud/exclude": "true" },
        },
      ),
      webhook("remediated", { rules: onOrders }, { annotations: { "gardener.cloud/warning": "changed" } }),
      webhook("dead", { clientConfig: clientConfig("gone") }),
      webhook("elsewhere", { clientConfig: clientConfig("gone"), rules: onOrders }),
      webhook("ignored", { clientConfig: clientConfig("gone"), failurePolicy: "Ignore" }),
      webhook("own", { namespaceSelector: inShop }),
    ],
    crds: [
      {
        metadata: { name: "orders.shop.example" },
        spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: clientConfig("gone") } } },
        status: { storedVersions: ["v1", "v2"] },
      },
    ],
    apiServices: [
      {
        metadata: { name: "v1.reports.example" },
        status: { conditions: [{ type: "Available", status: "False", message: "down" }] },
      },
    ],
  },
  paths: { [`/apis/${version}/validatingadmissionpolicies`]: [managed("no-latest")] },
};

const isSeed: ManagedSeed = { kind: "known", isSeed: true };

/** A ManagedSeed whose target is beyond what Gardener supports. */
export const seedTo136: Given = {
  shoot: { gardenerVersion: "v1.150.0" },
  managedSeed: isSeed,
  work: { minors: ["1.36"], kubernetesVersion: "1.36.0" },
};

/** One whose target has the deadlock, and a version that the minor after it drops. */
export const seedTo1352: Given = {
  shoot: { gardenerVersion: "v1.150.0" },
  managedSeed: isSeed,
  work: { minors: [], kubernetesVersion: "1.35.2" },
};

/** Where a later minor drops what is used. */
export const to133: Given = {
  paths: to134.paths,
  work: { minors: ["1.33"], kubernetesVersion: "1.33.9" },
};
