/**
 * The engine starts the process of the dynamic provider at the first request that concerns it. Registering
 * a component waits for its Shoot to be read, and the process would start only then. A function call starts
 * it at once; the answer is that there is no such function (cmd/dynamic-provider/index.ts in @pulumi/pulumi).
 */
import * as pulumi from "@pulumi/pulumi";
import { currentRun } from "./run";

const started = new WeakSet<object>();

export function startProvider(): void {
  const run = currentRun();
  if (started.has(run)) return;
  started.add(run);
  pulumi.runtime.invoke("pulumi-nodejs:gardener:start", {}).catch(() => undefined);
}
