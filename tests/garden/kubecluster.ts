/** A Shoot's cluster on a real kube-apiserver: Nodes are objects there, without machines. */
import { type Client, isApiError } from "../../sandbox/client";
import type { ClusterAccess, ShootClusterWriter } from "../../sandbox/shoot/cluster";
import { textAt } from "../../sandbox/json";
import { changedNode, nodeObject, nodeStatus, readNode } from "../../sandbox/shoot/cluster";

const NODES = "/api/v1/nodes";

export function kubeCluster(client: Client, access?: ClusterAccess): ShootClusterWriter {
  const path = (name: string): string => `${NODES}/${encodeURIComponent(name)}`;
  return {
    access,
    async version() {
      return textAt(await client.get("/version"), "gitVersion").replace(/^v/, "");
    },
    // A real server's version is fixed in its binary.
    setVersion: () => Promise.resolve(),
    async listNodes() {
      return (await client.list(NODES)).items.map(readNode);
    },
    async createNode(node) {
      await client.create(NODES, nodeObject(node));
      await client.patch(`${path(node.name)}/status`, "merge", { status: nodeStatus(node, new Date()) });
    },
    async updateNode(name, change) {
      const node = changedNode(readNode(await client.get(path(name))), change);
      if (change.labels !== undefined || change.unschedulable !== undefined) {
        await client.patch(path(name), "merge", {
          metadata: { labels: node.labels },
          spec: { unschedulable: node.unschedulable },
        });
      }
      if (change.kubeletVersion !== undefined || change.osImage !== undefined || change.ready !== undefined) {
        await client.patch(`${path(name)}/status`, "merge", { status: nodeStatus(node, new Date()) });
      }
    },
    async deleteNode(name) {
      try {
        await client.delete(path(name));
      } catch (error) {
        if (!isApiError(error, 404)) throw error;
      }
    },
    setHibernated: () => Promise.resolve(),
  };
}
