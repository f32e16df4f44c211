/** The garden as the program reaches it: the same places for credentials as in the provider's process. */
import * as pulumi from "@pulumi/pulumi";
import { createGardens, type CachedGarden, type Gardens } from "../provider/garden/gardens";
import { READ_MS } from "../provider/garden/namespaceReads";
import { systemClock } from "../provider/model/clock";
import type { GardenLocation } from "../provider/model/location";

/**
 * By the run's connection to the engine: with the Automation API several runs, also of different stacks,
 * share this process, and none may show what an earlier one has read.
 */
const gardensOfRuns = new WeakMap<object, Gardens>();
const withoutEngine = {};

export function openSharedGarden(location: GardenLocation): Promise<CachedGarden> {
  const run: object = pulumi.runtime.getMonitor() ?? withoutEngine;
  const gardens = gardensOfRuns.get(run) ?? createGardens(systemClock, READ_MS);
  gardensOfRuns.set(run, gardens);
  return gardens.open(location, { config: pulumi.runtime.getConfig, env: process.env });
}
