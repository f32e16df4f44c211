/** The Shoots' own API servers in the sandbox: one for each, started when it is first requested. */
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { configMaps, namespaces, nodes } from "../api/resource";
import { type ApiServer, startApiServer } from "../api/server";
import type { Store } from "../api/store";
import { createCa } from "../pki";
import type { ClusterAccess, ShootClusterWriter } from "./cluster";
import { type ClusterState, memoryCluster } from "./memory";
import { runWorkloads, workloadResources } from "./workloads";

export interface ShootApisOptions {
  readonly now?: () => Date;
}

/** A Shoot's cluster in this process. */
export interface SandboxCluster extends ShootClusterWriter {
  /** The objects of its API. */
  readonly store: Store;
  /** `access.clientCa` signs viewers (group gardener.cloud:project:viewers) and admins (system:masters). */
  readonly access: ClusterAccess;
}

export interface ShootApis {
  /** The same cluster for the same Shoot; its endpoint listens when this resolves. */
  clusterFor(shoot: ShootRef): Promise<SandboxCluster>;
  stop(): Promise<void>;
}

interface Started {
  readonly cluster: SandboxCluster;
  readonly server: ApiServer;
}

export function startShootApis({ now = () => new Date() }: ShootApisOptions = {}): ShootApis {
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
    async clusterFor(shoot) {
      const known = started.get(shootId(shoot)) ?? start(shoot);
      started.set(shootId(shoot), known);
      return (await known).cluster;
    },
    async stop() {
      const results = await Promise.allSettled(started.values());
      started.clear();
      for (const result of results) if (result.status === "fulfilled") await result.value.server.close();
    },
  };
}
