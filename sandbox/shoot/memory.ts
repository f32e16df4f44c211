/** A Shoot's cluster in this process: its Nodes are objects in a store. */
import { nodes } from "../api/resource";
import type { Store } from "../api/store";
import { map } from "../json";
import type { ShootClusterWriter } from "./cluster";
import { changedNode, nodeObject, nodeStatus, readNode } from "./node";

export interface ClusterState {
  /** Undefined before the first `setVersion`. */
  version: string | undefined;
  hibernated: boolean;
}

export function memoryCluster(store: Store, state: ClusterState, now: () => Date): ShootClusterWriter {
  const done = Promise.resolve();
  return {
    version: () => Promise.resolve(state.version),
    setVersion(kubernetesVersion) {
      state.version = kubernetesVersion;
      return done;
    },
    setHibernated(hibernated) {
      state.hibernated = hibernated;
      return done;
    },
    listNodes: () => Promise.resolve(store.list(nodes).map(readNode)),
    createNode(node) {
      store.put({ ...nodeObject(node), status: nodeStatus(node, now()) });
      return done;
    },
    updateNode(name, change) {
      store.edit(nodes, "", name, (object) => {
        const node = changedNode(readNode(object), change);
        object.metadata = { ...map(object.metadata), labels: { ...node.labels } };
        object.spec = { ...map(object.spec), unschedulable: node.unschedulable };
        object.status = nodeStatus(node, now());
      });
      return done;
    },
    deleteNode(name) {
      store.remove(nodes, "", name);
      return done;
    },
  };
}
