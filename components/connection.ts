/** The garden as the program reaches it: the same places for credentials as in the provider's process. */
import * as pulumi from "@pulumi/pulumi";
import { kindOf } from "../provider/garden/kind";
import { openGarden } from "../provider/garden/open";
import { cacheReads, type CachedGarden } from "../provider/garden/shared-reads";
import { systemClock } from "../provider/model/clock";
import type { GardenLocation } from "../provider/model/declaration";

const SHARED_READ_MS = 1_000;

const gardens = new Map<string, CachedGarden>();

export function openSharedGarden(location: GardenLocation): CachedGarden {
  // Several stacks can run in one process (Automation API), each with its own configuration.
  const sources = { config: pulumi.runtime.getConfig, env: process.env };
  const kind = kindOf(location, sources);
  const key = JSON.stringify([pulumi.getProject(), pulumi.getStack(), location, kind]);
  const garden = gardens.get(key) ?? cacheReads(openGarden(location, sources), systemClock, SHARED_READ_MS);
  gardens.set(key, garden);
  return garden;
}
