/** Cleura's REST API as a Garden. */
import { systemClock } from "../../model/clock";
import type { Connection } from "../connection";
import type { Garden } from "../garden";
import { defaultClientSettings, defaultWatchSettings } from "../http";
import type { ClusterSettings } from "../shoot/cluster";
import { clusterAccess, requestKubeconfig } from "./access";
import { pathsIn, type CleuraContext } from "./api";
import { cleuraCapabilities } from "./capabilities";
import { createCleuraClient } from "./client";
import { openCluster } from "./cluster";
import { createShootFetcher } from "./polling/fetch";
import { createWriteGenerations } from "./polling/generations";
import type { CleuraEndpoint } from "./auth/endpoint";
import { createPoller } from "./polling/poller";
import { createPreparation } from "./preparation";
import { getCloudProfile, getShoot, locate } from "./read";
import { apply } from "./write";

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
  const line: CleuraContext = {
    client: createCleuraClient(endpoint, connection, settings),
    endpoint,
    paths: pathsIn(endpoint),
    generations: createWriteGenerations(clock),
    clock,
  };
  const poller = createPoller(createShootFetcher(line), clock);
  return {
    description: connection.description,
    capabilities: cleuraCapabilities,
    preparation: createPreparation(line),
    locate: (reference) => locate(line, reference),
    async getShoot(ref) {
      const shoot = await getShoot(line, ref);
      poller.update(shoot);
      return shoot;
    },
    getCloudProfile: (shoot) => getCloudProfile(line, shoot),
    dryRun() {
      throw new Error("Cleura's API judges no change without making it");
    },
    async apply(change) {
      const result = await apply(line, change);
      if (result.kind === "accepted") poller.update(result.shoot);
      return result;
    },
    watchShoot: (ref, signal) => poller.watch(ref, signal),
    openCluster: (shoot) => openCluster(line, shoot, settings),
    clusterAccess: (shoot) => clusterAccess(line, shoot),
    requestKubeconfig: (ref, access, seconds) => requestKubeconfig(line, ref, access, seconds),
  };
}
