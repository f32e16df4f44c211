/**
 * What the program reads of a Shoot before its resource is registered, for all of its Shoots in parallel:
 * the address of the API server and, in a preview, the dry run of what is pending and the preflight checks.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import type { Garden } from "../provider/garden/garden";
import {
  findShoot,
  planOn,
  readApiServer,
  reportDryRun,
  reportPreflight,
  tryRead,
  type FoundApiServer,
} from "../provider/lifecycle";
import { systemClock } from "../provider/model/clock";
import type { Declaration } from "../provider/model/declaration";
import type { DryRunReport } from "../provider/model/dryRun";
import type { ExpectedReads } from "../provider/model/expectedReads";
import { underMocks } from "../provider/mocks";
import { isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import type { PreflightReport } from "../provider/model/preflight";
import type { Step } from "../provider/model/plan";
import type { Shoot } from "../provider/model/shoot";
import { parseDeclared } from "./arguments";
import { openSharedGarden } from "./connection";
import type { Planned } from "./landscape";

export interface Reading extends Planned {
  readonly apiServer?: FoundApiServer;
  /** Why it could not be read. */
  readonly failure?: unknown;
  /** Nothing was pending, and Gardener had reconciled the Shoot. */
  readonly isUpToDate?: boolean;
  /** In a preview, where something is pending. */
  readonly dryRun?: DryRunReport;
  readonly preflight?: PreflightReport;
  readonly reads?: ExpectedReads;
}

export interface ReadingOptions {
  /** check does not wait for this reading and finds out the rest by itself. */
  readonly plansOnly: boolean;
  /** The rollout may have to wait: check finds out whether the preflight checks are run. */
  readonly waits: boolean;
}

/** Never rejects: check reports the problem, and the state may hold an address. */
export function readShoot(
  name: string,
  args: ShootVersionsArgs,
  options: ReadingOptions,
): pulumi.Output<Reading> {
  if (underMocks()) return pulumi.output({});
  return pulumi.output(args).apply(async (declared): Promise<Reading> => {
    try {
      return await readDeclared(name, declared, options);
    } catch (failure) {
      return { failure };
    }
  });
}

async function readDeclared(
  name: string,
  declared: unknown,
  { plansOnly, waits }: ReadingOptions,
): Promise<Reading> {
  const parsed = parseDeclared(declared, name);
  if (parsed.kind === "problems") return {};
  const { preflight: preflightOptions } = parsed.declaration;
  const garden = await openSharedGarden(parsed.declaration.garden);
  const shoot = await findShoot(garden, parsed.declaration.shoot);
  const plan = readPlan(garden, parsed.declaration, shoot);
  if (plansOnly) {
    const { isUpToDate, planned } = await plan;
    return { isUpToDate, planned };
  }
  const examines = pulumi.runtime.isDryRun() && !waits;
  const [apiServer, { isUpToDate, planned }, dryRun, preflight] = await Promise.all([
    readApiServer(garden, shoot),
    plan,
    // What fails here is tried again and reported by check.
    examines ? tryRead(async () => reportDryRun(garden, (await plan).steps, shoot)) : undefined,
    examines
      ? tryRead(async () =>
          reportPreflight(garden, (await plan).steps, shoot, preflightOptions, systemClock.now()),
        )
      : undefined,
  ]);
  return { apiServer, isUpToDate, planned, dryRun, preflight, reads: garden.takeExpectedReads() };
}

async function readPlan(
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
): Promise<Pick<Reading, "planned"> & { readonly steps: readonly Step[]; readonly isUpToDate: boolean }> {
  const planned = await planOn(garden, declaration, shoot, systemClock.now());
  if (planned.kind === "refused") return { steps: [], isUpToDate: false };
  const { steps, later } = planned.plan;
  return {
    steps,
    planned: { shoot, steps: [...steps, ...later] },
    isUpToDate: steps.length === 0 && isObservedAtLatestGenerationAndSucceeded(shoot),
  };
}

export async function findApiServer(name: string, declared: unknown): Promise<FoundApiServer | undefined> {
  const parsed = parseDeclared(declared, name);
  if (parsed.kind === "problems") return undefined;
  const garden = await openSharedGarden(parsed.declaration.garden);
  return readApiServer(garden, await findShoot(garden, parsed.declaration.shoot));
}
