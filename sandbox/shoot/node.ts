/** Nodes as a rollout sees them, to and from the Kubernetes API's form. */
import type { ClusterNode, NewNode, NodeChange } from "./cluster";
import { at, type JsonMap, map, mapsAt, textAt, timestamp } from "../json";

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
      architecture: "amd64",
      bootID: "",
      containerRuntimeVersion: "containerd://2.1.4",
      kernelVersion: "6.12.40-cloud-amd64",
      kubeProxyVersion: "",
      kubeletVersion: node.kubeletVersion,
      machineID: "",
      operatingSystem: "linux",
      osImage: node.osImage,
      systemUUID: "",
    },
    conditions: [
      {
        type: "Ready",
        status: node.ready ? "True" : "False",
        reason: node.ready ? "KubeletReady" : "KubeletNotReady",
        message: node.ready
          ? "kubelet is posting ready status"
          : "container runtime network not ready: NetworkReady=false",
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
