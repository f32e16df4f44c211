/** The garden as the program reaches it: the same places for credentials as in the provider's process. */
import * as pulumi from "@pulumi/pulumi";
import { createGardens, type CachedGarden, type Gardens } from "../provider/garden/gardens";
import { READ_MS } from "../provider/garden/namespaceReads";
import { systemClock } from "../provider/model/clock";
import type { GardenLocation } from "../provider/model/location";
import { Landscape } from "./landscape";

/** What the components of one run share. */
interface Run {
  readonly gardens: Gardens;
  isProviderStarted: boolean;
  readonly landscape: Landscape;
}

/**
 * By the run's connection to the engine: with the Automation API several runs, also of different stacks,
 * share this process, and none may show what an earlier one has read.
 */
const runs = new WeakMap<object, Run>();
const withoutEngine = {};

function currentRun(): Run {
  const monitor: object = pulumi.runtime.getMonitor() ?? withoutEngine;
  const run: Run = runs.get(monitor) ?? {
    gardens: createGardens(systemClock, READ_MS),
    isProviderStarted: false,
    landscape: new Landscape(),
  };
  runs.set(monitor, run);
  return run;
}

export function openSharedGarden(location: GardenLocation): Promise<CachedGarden> {
  return currentRun().gardens.open(location, { config: pulumi.runtime.getConfig, env: process.env });
}

/**
 * True once in a run: the engine starts the provider's process for the first resource that is registered,
 * which therefore does not wait until the program has read its Shoot.
 */
export function startsProvider(): boolean {
  const run = currentRun();
  const starts = !run.isProviderStarted;
  run.isProviderStarted = true;
  return starts;
}

/** All Shoots that the program of this run declares. */
export function sharedLandscape(): Landscape {
  return currentRun().landscape;
}
