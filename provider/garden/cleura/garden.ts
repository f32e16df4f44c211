/** Cleura's REST API as a Garden. */
import { systemClock } from "../../model/clock";
import type { Connection } from "../connection";
import type { Garden } from "../garden";
import { defaultClientSettings, defaultFollowSettings } from "../http";
import type { ClusterSettings } from "../shoot/cluster";
import { clusterAccess, requestKubeconfig } from "./access";
import { pathsIn, type Line } from "./api";
import { cleuraCapabilities } from "./capabilities";
import { createCleuraClient } from "./client";
import { openCluster } from "./cluster";
import { createEyes } from "./eyes";
import { createLedger } from "./ledger";
import type { CleuraPlace } from "./place";
import { createPoller } from "./poll";
import { createPreparation } from "./preparation";
import { getCloudProfile, getShoot, locate } from "./read";
import { apply } from "./write";

/** Times that tests shorten. */
export type CleuraSettings = Partial<ClusterSettings>;

export function createCleuraGarden(
  place: CleuraPlace,
  connection: Connection,
  given: CleuraSettings = {},
): Garden {
  const settings: ClusterSettings = {
    clock: systemClock,
    env: process.env,
    ...defaultClientSettings,
    ...defaultFollowSettings,
    ...given,
  };
  const { clock } = settings;
  const line: Line = {
    client: createCleuraClient(place, connection, settings),
    place,
    paths: pathsIn(place),
    ledger: createLedger(clock),
    clock,
  };
  const poller = createPoller(createEyes(line), clock);
  return {
    description: connection.description,
    capabilities: cleuraCapabilities,
    preparation: createPreparation(line),
    locate: (reference) => locate(line, reference),
    async getShoot(ref) {
      const shoot = await getShoot(line, ref);
      poller.learn(shoot);
      return shoot;
    },
    getCloudProfile: (shoot) => getCloudProfile(line, shoot),
    dryRun() {
      throw new Error("Cleura's API judges no change without making it");
    },
    async apply(change) {
      const verdict = await apply(line, change);
      if (verdict.kind === "accepted") poller.learn(verdict.shoot);
      return verdict;
    },
    watchShoot: (ref, signal) => poller.watch(ref, signal),
    openCluster: (shoot) => openCluster(line, shoot, settings),
    clusterAccess: (shoot) => clusterAccess(line, shoot),
    requestKubeconfig: (ref, access, seconds) => requestKubeconfig(line, ref, access, seconds),
  };
}
