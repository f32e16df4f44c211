/** The garden as the program reaches it: the same places for credentials as in the provider's process. */
import * as pulumi from "@pulumi/pulumi";
import { createGardens, type CachedGarden } from "../provider/garden/gardens";
import { systemClock } from "../provider/model/clock";
import type { GardenLocation } from "../provider/model/declaration";

const SHARED_READ_MS = 5_000;

const gardens = createGardens(systemClock, SHARED_READ_MS);

/** Several stacks can run in one process (Automation API), each with its own configuration. */
export function openSharedGarden(location: GardenLocation): Promise<CachedGarden> {
  return gardens.open(location, { config: pulumi.runtime.getConfig, env: process.env });
}
