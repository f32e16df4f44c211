/** API objects as a Gardener API server sends them. */

const NAMESPACE = "garden-demo";
export const shootPath = `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/shoots/web`;
export const shootsPath = `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/shoots`;
export const web = { namespace: NAMESPACE, name: "web" };

export function shootObject(
  change: { resourceVersion?: string; uid?: string; version?: string; status?: object } = {},
) {
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: {
      name: "web",
      namespace: NAMESPACE,
      uid: change.uid ?? "11111111-2222-3333-4444-555555555555",
      resourceVersion: change.resourceVersion ?? "100",
      generation: 3,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    spec: {
      cloudProfile: { kind: "CloudProfile", name: "local" },
      region: "local",
      kubernetes: { version: change.version ?? "1.33.4" },
      provider: {
        type: "local",
        workers: [
          {
            name: "pool-a",
            machine: {
              type: "small",
              architecture: "amd64",
              image: { name: "gardenlinux", version: "1592.10.0" },
            },
            minimum: 3,
            maximum: 3,
            maxSurge: 1,
            maxUnavailable: 0,
          },
        ],
      },
    },
    status: {
      observedGeneration: 3,
      hibernated: false,
      lastOperation: {
        type: "Reconcile",
        state: "Succeeded",
        progress: 100,
        description: "Shoot cluster has been successfully reconciled.",
        lastUpdateTime: "2026-11-01T00:00:00Z",
      },
      advertisedAddresses: [{ name: "external", url: "https://api.web.demo.example.org" }],
      ...change.status,
    },
  };
}

export function listOf(items: readonly unknown[], resourceVersion = "200") {
  return { kind: "List", apiVersion: "v1", metadata: { resourceVersion }, items };
}

export function nodeObject(
  name: string,
  change: { version?: string; resourceVersion?: string; ready?: string } = {},
) {
  return {
    metadata: {
      name,
      labels: { "worker.gardener.cloud/pool": "pool-a" },
      creationTimestamp: "2026-11-01T00:00:00Z",
      resourceVersion: change.resourceVersion ?? "1",
    },
    status: {
      conditions: [{ type: "Ready", status: change.ready ?? "True" }],
      nodeInfo: { kubeletVersion: change.version ?? "v1.33.4", osImage: "Garden Linux 1592.10" },
    },
  };
}
