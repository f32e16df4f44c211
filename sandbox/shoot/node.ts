/** Nodes as a rollout sees them, to and from the Kubernetes API's form. */
import type { ClusterNode, NewNode, NodeChange } from "./cluster";
import { at, flag, items, type JsonObject, text, textMap } from "./fields";

/** What belongs on the main resource: labels and spec. */
export function nodeObject(node: NewNode): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name, labels: node.labels },
    spec: { providerID: `sandbox:///${node.name}`, unschedulable: node.unschedulable },
  };
}

/** What belongs on the status subresource, as a kubelet reports it. */
export function nodeStatus(
  node: Pick<NewNode, "kubeletVersion" | "osImage" | "ready">,
  now: Date,
): JsonObject {
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

export function readNode(value: unknown): ClusterNode {
  return {
    name: text(at(value, "metadata", "name")) ?? "",
    labels: textMap(at(value, "metadata", "labels")),
    creationTimestamp: new Date(text(at(value, "metadata", "creationTimestamp")) ?? 0),
    kubeletVersion: text(at(value, "status", "nodeInfo", "kubeletVersion")) ?? "",
    osImage: text(at(value, "status", "nodeInfo", "osImage")) ?? "",
    ready: items(at(value, "status", "conditions")).some(
      (condition) => text(at(condition, "type")) === "Ready" && text(at(condition, "status")) === "True",
    ),
    unschedulable: flag(at(value, "spec", "unschedulable")) ?? false,
  };
}

export function changedNode(node: ClusterNode, change: NodeChange): ClusterNode {
  return { ...node, ...change, labels: { ...node.labels, ...change.labels } };
}

/** As the API writes times: whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
