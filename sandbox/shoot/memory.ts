/** A Shoot's cluster in this process's memory. */
import type { ClusterAccess, ShootClusterWriter } from "./cluster";
import { map } from "../json";
import { changedNode, nodeObject, nodeStatus, readNode } from "./node";
import { createStore, type Store } from "./store";

export interface MemoryCluster extends ShootClusterWriter {
  readonly store: Store;
  readonly state: { readonly version: string | undefined; readonly hibernated: boolean };
}

export function memoryCluster(now: () => Date, access?: ClusterAccess): MemoryCluster {
  const store = createStore(now);
  const state: { version: string | undefined; hibernated: boolean } = {
    version: undefined,
    hibernated: false,
  };
  for (const name of ["default", "kube-system"]) {
    store.put("namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      status: { phase: "Active" },
    });
  }
  return {
    store,
    state,
    access,
    version: () => Promise.resolve(state.version),
    setVersion(kubernetesVersion) {
      state.version = kubernetesVersion;
      return Promise.resolve();
    },
    listNodes: () => Promise.resolve(store.list("nodes").map(readNode)),
    createNode(node) {
      store.put("nodes", { ...nodeObject(node), status: nodeStatus(node, now()) });
      return Promise.resolve();
    },
    updateNode(name, change) {
      const known = store.get("nodes", "", name);
      if (known === undefined) return Promise.reject(new Error(`There is no Node ${name}.`));
      const node = changedNode(readNode(known), change);
      store.put("nodes", {
        ...known,
        metadata: { ...map(known.metadata), labels: { ...node.labels } },
        spec: { ...map(known.spec), unschedulable: node.unschedulable },
        status: nodeStatus(node, now()),
      });
      return Promise.resolve();
    },
    deleteNode(name) {
      store.remove("nodes", "", name);
      return Promise.resolve();
    },
    setHibernated(hibernated) {
      state.hibernated = hibernated;
      return Promise.resolve();
    },
  };
}
