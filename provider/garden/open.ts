/** The garden that a program names, opened when it is first used. */
import type { GardenLocation } from "../model/declaration";
import { systemClock } from "../model/clock";
import { openConnection, resolveConnection, type ConnectionSources } from "./connection";
import type { Garden } from "./garden";
import { createGardenerGarden, gardenerCapabilities } from "./gardener";

/** By what the location resolves to: the same kubeconfig by two ways is one line. */
const opened = new Map<string, Promise<Garden>>();

/** Nothing is read before a method is called: what is wrong with the location is that method's failure. */
export function openGarden(location: GardenLocation, sources: ConnectionSources): Garden {
  let known: Garden | undefined;

  async function garden(): Promise<Garden> {
    const source = resolveConnection(location, sources);
    const key = JSON.stringify(source);
    const opening =
      opened.get(key) ??
      openConnection(source, sources.env, systemClock).then((connection) =>
        createGardenerGarden(connection, { env: sources.env }),
      );
    opened.set(key, opening);
    // Whatever is mended, in a file or by a login, is found by the next call.
    opening.catch(() => opened.delete(key));
    known = await opening;
    return known;
  }

  return {
    get description() {
      return known?.description ?? "the garden";
    },
    capabilities: gardenerCapabilities,
    locate: async (reference) => (await garden()).locate(reference),
    getShoot: async (ref) => (await garden()).getShoot(ref),
    getCloudProfile: async (shoot) => (await garden()).getCloudProfile(shoot),
    dryRun: async (change) => (await garden()).dryRun(change),
    apply: async (change) => (await garden()).apply(change),
    async *watchShoot(ref, signal) {
      yield* (await garden()).watchShoot(ref, signal);
    },
    openCluster: async (shoot) => (await garden()).openCluster(shoot),
    clusterAccess: async (shoot) => (await garden()).clusterAccess(shoot),
    requestKubeconfig: async (ref, access, seconds) =>
      (await garden()).requestKubeconfig(ref, access, seconds),
  };
}
