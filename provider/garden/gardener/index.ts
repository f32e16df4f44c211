/** A Gardener API server as a Garden. */
import { systemClock, type Clock } from "../../model/clock";
import type { Connection } from "../connection";
import type { Garden } from "../garden";
import { createApiClient, defaultClientSettings, defaultWatchSettings } from "../http";
import type { ClusterSettings } from "../shoot/cluster";
import { clusterAccess, createAuthorityReads } from "./access";
import { LIST_MS } from "../namespaceReads";
import { createPromiseCache } from "../promiseCache";
import { openCluster } from "./cluster";
import { createKubeconfigRequests, requestKubeconfig } from "./kubeconfigs";
import { findShoots, visibleProjects } from "./find";
import { createNamespaceWatches } from "./namespaceWatches";
import { isManagedSeed } from "./managedSeeds";
import { getCloudProfile, getShoot, listShoots, likelyNamespace, locate, type ProjectReads } from "./read";
import { assertWatchable } from "./rights";
import { watchShoot } from "./watch";
import { patchShoot } from "./write";

/** Tests set shorter times. */
export type GardenSettings = Partial<ClusterSettings> & { readonly clock?: Clock };

export const gardenerCapabilities = {
  dryRun: true,
  watch: true,
  optimisticLocking: true,
  combinedWrites: true,
  poolKubernetesVersions: true,
  annotations: true,
  viewerKubeconfig: true,
} as const;

export function createGardenerGarden(connection: Connection, overrides: GardenSettings = {}): Garden {
  const settings: ClusterSettings = {
    clock: systemClock,
    env: process.env,
    ...defaultClientSettings,
    ...defaultWatchSettings,
    ...overrides,
  };
  const client = createApiClient(connection, settings);
  const watches = createNamespaceWatches(client, settings);
  const projects: ProjectReads = createPromiseCache(settings.clock, LIST_MS);
  const kubeconfigs = createKubeconfigRequests(client);
  const authorities = createAuthorityReads(client, settings.clock);
  return {
    description: connection.description,
    capabilities: gardenerCapabilities,
    locate: (reference) => locate(client, projects, reference),
    likelyNamespace,
    getShoot: (ref) => getShoot(client, ref),
    listShoots: (namespace) => listShoots(client, namespace),
    visibleProjects: () => visibleProjects(client),
    findShoots: (query) => findShoots(client, projects, query),
    getCloudProfile: (shoot) => getCloudProfile(client, shoot),
    dryRun: (change) => patchShoot(client, change, true),
    apply: (change) => patchShoot(client, change, false),
    watchShoot: (ref, signal) => watchShoot(client, watches, ref, signal, settings),
    isManagedSeed: (ref) => isManagedSeed(client, ref),
    assertWatchable: (ref) => assertWatchable(client, ref),
    openCluster: (shoot, access) => openCluster(kubeconfigs, shoot, settings, access),
    clusterAccess: (shoot) => clusterAccess(authorities, shoot),
    expectClusterAccess(reference, shoots) {
      const namespace = likelyNamespace(reference);
      if (namespace !== undefined) authorities.expect({ namespace, shoots });
    },
    requestKubeconfig: (ref, access, seconds) => requestKubeconfig(kubeconfigs, ref, access, seconds),
  };
}
