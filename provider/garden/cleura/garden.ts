/** Cleura's REST API as a Garden. */
import type { GardenCapabilities } from "../../model/capabilities";
import { systemClock } from "../../model/clock";
import type { Connection } from "../connection";
import type { Garden } from "../garden";
import { defaultClientSettings, defaultWatchSettings } from "../http";
import type { ClusterSettings } from "../shoot/cluster";
import { clusterAccess, openCluster, requestKubeconfig } from "./access";
import { pathsIn, type CleuraContext } from "./api";
import type { CleuraEndpoint } from "./auth/endpoint";
import { createCleuraClient } from "./client";
import { findShoots } from "./find";
import { createProjectNamespace } from "./namespace";
import { createShootFetcher } from "./polling/fetch";
import { createWriteGenerations } from "./polling/generations";
import { createPoller } from "./polling/poller";
import { createPreparation } from "./preparation";
import { getCloudProfile, getShoot, listShoots, locate, readShoot } from "./read";
import { apply } from "./write";

/** The API has no dry run, no watch, no resourceVersion, no Kubernetes version of a worker group, and no viewer's kubeconfig. */
const cleuraCapabilities: GardenCapabilities = {
  dryRun: false,
  watch: false,
  optimisticLocking: false,
  combinedWrites: false,
  poolKubernetesVersions: false,
  annotations: false,
  viewerKubeconfig: false,
};

/** Times that tests shorten. */
export type CleuraSettings = Partial<ClusterSettings>;

export function createCleuraGarden(
  endpoint: CleuraEndpoint,
  connection: Connection,
  given: CleuraSettings = {},
): Garden {
  const settings: ClusterSettings = {
    clock: systemClock,
    env: process.env,
    ...defaultClientSettings,
    ...defaultWatchSettings,
    ...given,
  };
  const { clock } = settings;
  const context: CleuraContext = {
    client: createCleuraClient(endpoint, connection, settings),
    endpoint,
    paths: pathsIn(endpoint),
    generations: createWriteGenerations(clock),
    clock,
  };
  const project = createProjectNamespace(
    async (name) => (await readShoot(context, name)).shoot,
    context.clock,
  );
  const poller = createPoller(createShootFetcher(context), clock);
  return {
    description: connection.description,
    capabilities: cleuraCapabilities,
    preparation: createPreparation(context),
    locate: (reference) => locate(context, project, reference),
    async getShoot(ref) {
      const shoot = await getShoot(context, project, ref);
      poller.update(shoot);
      return shoot;
    },
    listShoots: (namespace) => listShoots(context, namespace),
    findShoots: (query) => findShoots(context, query),
    getCloudProfile: (shoot) => getCloudProfile(context, shoot),
    dryRun() {
      throw new Error("Cleura's API has no dry run");
    },
    async apply(change) {
      const result = await apply(context, change);
      if (result.kind === "accepted") poller.update(result.shoot);
      return result;
    },
    watchShoot: (ref, signal) => poller.watch(ref, signal),
    openCluster: (shoot) => openCluster(context, shoot, settings),
    clusterAccess: (shoot) => clusterAccess(context, shoot),
    requestKubeconfig: (ref, access, seconds) => requestKubeconfig(context, ref, access, seconds),
  };
}
