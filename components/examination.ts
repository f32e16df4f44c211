/**
 * What check would find out of a Shoot with something pending, one Shoot after the other. The program does so for all of its
 * Shoots in parallel, in a preview. What fails here is tried again and reported by check.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import type { Garden } from "../provider/garden/garden";
import { reportDryRun, reportPreflight, tryRead } from "../provider/lifecycle";
import { systemClock } from "../provider/model/clock";
import type { Declaration } from "../provider/model/declaration";
import type { DryRunReport } from "../provider/model/dryRun";
import type { PreflightReport } from "../provider/model/preflight";
import type { Step } from "../provider/model/plan";
import type { Shoot } from "../provider/model/shoot";
import { waitingReason } from "../provider/plan";
import { parseDeclared } from "./arguments";
import { openSharedGarden } from "./connection";
import type { Planned } from "./landscape";

/** Of the steps that the next `pulumi up` would perform. */
export interface Examination {
  readonly dryRun?: DryRunReport;
  readonly preflight?: PreflightReport;
}

export async function examine(
  garden: Garden,
  { preflight: options }: Declaration,
  shoot: Shoot,
  steps: readonly Step[],
): Promise<Examination> {
  const [dryRun, preflight] = await Promise.all([
    tryRead(() => reportDryRun(garden, steps, shoot)),
    tryRead(() => reportPreflight(garden, steps, shoot, options, systemClock.now())),
  ]);
  return { dryRun, preflight };
}

/**
 * Where the rollout may have to wait: once the completions are known that it waits for, and if it may be started. Empty in an
 * update, but with the same dependencies: a saved plan holds `pulumi up` to those of the preview.
 */
export function examineWhenDue(
  name: string,
  args: ShootVersionsArgs,
  reading: pulumi.Output<() => Planned>,
): pulumi.Output<Examination> {
  return pulumi.all([args, reading]).apply(async ([declared, read]): Promise<Examination> => {
    if (!pulumi.runtime.isDryRun()) return {};
    const { planned } = read();
    const { parsed } = parseDeclared(declared, name);
    if (parsed.kind === "problems" || planned === undefined) return {};
    const { declaration } = parsed;
    const { shoot, plan } = planned;
    const { steps } = plan;
    if (waitingReason(declaration, shoot, steps, systemClock.now()) !== undefined) return {};
    const garden = await tryRead(() => openSharedGarden(declaration.garden));
    return garden === undefined ? {} : examine(garden, declaration, shoot, steps);
  });
}
