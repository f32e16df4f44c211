/** The run of a program. With the Automation API several, also of different stacks, share a process. */
import * as pulumi from "@pulumi/pulumi";

const withoutEngine = {};

/** By the run's connection to the engine. */
export function currentRun(): object {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor ?? withoutEngine;
}
