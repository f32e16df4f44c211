/** The Shoots' own API servers in the sandbox: one for each, started when it is first requested. */
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { configMaps, namespaces, nodes } from "../api/resource";
import { type ApiServer, startApiServer } from "../api/server";
import type { Store } from "../api/store";
import { createCa } from "../pki";
import { map } from "../json";
import {
  changedNode,
  type ClusterAccess,
  nodeObject,
  nodeStatus,
  readNode,
  type ShootClusterWriter,
} from "./cluster";
import { runWorkloads, workloadResources } from "./workloads";

interface ClusterState {
  /** Undefined before the first `setVersion`. */
  version: string | undefined;
  hibernated: boolean;
}

/** A Shoot's cluster in this process. */
export interface SandboxCluster extends ShootClusterWriter {
  /** The objects of its API. */
  readonly store: Store;
  /** `access.clientCa` signs viewers (group gardener.cloud:project:viewers) and admins (system:masters). */
  readonly access: ClusterAccess;
}

export type ShootApis = ReturnType<typeof startShootApis>;

interface Started {
  readonly cluster: SandboxCluster;
  readonly server: ApiServer;
}

export function startShootApis(now: () => Date = () => new Date()) {
  const started = new Map<string, Promise<Started>>();

  async function start(shoot: ShootRef): Promise<Started> {
    const state: ClusterState = { version: undefined, hibernated: false };
    const clientCa = await createCa(`${shootId(shoot)} client`);
    const server = await startApiServer({
      name: `${shootId(shoot)} cluster`,
      now,
      resources: [nodes, namespaces, configMaps, ...workloadResources],
      clientCa,
      version: () => state.version ?? "0.0.0",
      available: () => !state.hibernated,
    });
    for (const name of ["default", "kube-system"]) {
      server.store.put({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
        status: { phase: "Active" },
      });
    }
    runWorkloads(server.store);
    const access = { server: server.url, ca: server.ca, clientCa };
    return { cluster: { ...memoryCluster(server.store, state, now), access, store: server.store }, server };
  }

  return {
    /** The same cluster for the same Shoot; its endpoint listens when this resolves. */
    async clusterFor(shoot: ShootRef): Promise<SandboxCluster> {
      const known = started.get(shootId(shoot)) ?? start(shoot);
      started.set(shootId(shoot), known);
      return (await known).cluster;
    },
    async stop(): Promise<void> {
      const closed = [...started.values()].map((one) => one.then(({ server }) => server.close()));
      started.clear();
      await Promise.all(closed.map((one) => one.catch(() => undefined)));
    },
  };
}

/** Its Nodes are objects in a store. */
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
