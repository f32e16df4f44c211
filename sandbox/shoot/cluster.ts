/** What the gardenlet needs of a Shoot's own cluster, in memory or real; Nodes in the Kubernetes API's form. */
import { at, type JsonMap, map, mapsAt, textAt, timestamp } from "../json";
import type { Ca } from "../pki";

/** A Node as far as a rollout is concerned. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly creationTimestamp: Date;
  /** With the leading v, as a Node reports it. */
  readonly kubeletVersion: string;
  readonly osImage: string;
  readonly ready: boolean;
  /** Cordoned: no Pod is scheduled there any more. */
  readonly unschedulable: boolean;
}

export type NewNode = Omit<ClusterNode, "creationTimestamp">;
export type NodeChange = Partial<Omit<ClusterNode, "name" | "creationTimestamp">>;

/** Where a Shoot's API listens, and what proves it and its users. */
export interface ClusterAccess {
  /** URL of the Shoot's API server. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Signs the certificates of the cluster's users. */
  readonly clientCa: Ca;
}

export interface ShootClusterWriter {
  /** Absent: the Shoot has no API of its own that could be advertised. */
  readonly access?: ClusterAccess;
  /** What the control plane runs, without the leading v; undefined before the first `setVersion`. */
  version(): Promise<string | undefined>;
  setVersion(kubernetesVersion: string): Promise<void>;
  listNodes(): Promise<readonly ClusterNode[]>;
  createNode(node: NewNode): Promise<void>;
  updateNode(name: string, change: NodeChange): Promise<void>;
  deleteNode(name: string): Promise<void>;
  /** A hibernated Shoot has no API server. */
  setHibernated(hibernated: boolean): Promise<void>;
}

/** What belongs on the main resource: labels and spec. */
export function nodeObject(node: NewNode): JsonMap {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name, labels: { ...node.labels } },
    spec: { providerID: `sandbox:///${node.name}`, unschedulable: node.unschedulable },
  };
}

/** What belongs on the status subresource, as a kubelet reports it. */
export function nodeStatus(node: Pick<NewNode, "kubeletVersion" | "osImage" | "ready">, now: Date): JsonMap {
  return {
    nodeInfo: {
      kubeletVersion: node.kubeletVersion,
      operatingSystem: "linux",
      osImage: node.osImage,
    },
    conditions: [
      {
        type: "Ready",
        status: node.ready ? "True" : "False",
        reason: node.ready ? "KubeletReady" : "KubeletNotReady",
        message: "",
        lastHeartbeatTime: timestamp(now),
        lastTransitionTime: timestamp(now),
      },
    ],
  };
}

export function readNode(value: JsonMap): ClusterNode {
  return {
    name: textAt(value, "metadata", "name"),
    labels: textMap(map(at(value, "metadata", "labels"))),
    creationTimestamp: new Date(textAt(value, "metadata", "creationTimestamp") || 0),
    kubeletVersion: textAt(value, "status", "nodeInfo", "kubeletVersion"),
    osImage: textAt(value, "status", "nodeInfo", "osImage"),
    ready: mapsAt(value, "status", "conditions").some((one) => one.type === "Ready" && one.status === "True"),
    unschedulable: at(value, "spec", "unschedulable") === true,
  };
}

export function changedNode(node: ClusterNode, change: NodeChange): ClusterNode {
  return { ...node, ...change, labels: { ...node.labels, ...change.labels } };
}

/** The texts of a map such as labels or annotations. */
export function textMap(values: JsonMap): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) if (typeof value === "string") texts[key] = value;
  return texts;
}
