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
  reportDryRun,
  reportPreflight,
  unknownAddress,
  type FoundApiServer,
} from "../provider/lifecycle";
import type { Declaration } from "../provider/model/declaration";
import type { DryRunReport } from "../provider/model/dryRun";
import type { ExpectedReads } from "../provider/model/expectedReads";
import { underMocks } from "../provider/mocks";
import { isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import type { PreflightReport } from "../provider/model/preflight";
import { UserError } from "../provider/model/problem";
import type { Shoot } from "../provider/model/shoot";
import { parseDeclared } from "./arguments";
import { openSharedGarden } from "./connection";

export interface Reading {
  readonly found?: FoundApiServer;
  /** Why it could not be read. */
  readonly failure?: unknown;
  /** Nothing was pending, and Gardener had reconciled the Shoot. */
  readonly isUpToDate?: boolean;
  /** In a preview, where something is pending. */
  readonly dryRun?: DryRunReport;
  readonly preflight?: PreflightReport;
  readonly reads?: ExpectedReads;
}

/** Never rejects: check reports the problem, and the state may hold an address. */
export function readShoot(name: string, args: ShootVersionsArgs): pulumi.Output<Reading> {
  if (underMocks()) return pulumi.output({});
  return pulumi.output(args).apply(async (declared): Promise<Reading> => {
    try {
      return await readDeclared(name, declared);
    } catch (failure) {
      return { failure };
    }
  });
}

async function readDeclared(name: string, declared: unknown): Promise<Reading> {
  const parsed = parseDeclared(declared, name);
  if (parsed.kind === "problems") return {};
  const garden = await openSharedGarden(parsed.declaration.garden);
  const shoot = await findShoot(garden, parsed.declaration.shoot);
  const [found, planned] = await Promise.all([
    apiServerOf(garden, shoot),
    readPlan(garden, parsed.declaration, shoot),
  ]);
  return { found, ...planned, reads: garden.takeExpectedReads() };
}

async function readPlan(
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
): Promise<Pick<Reading, "isUpToDate" | "dryRun" | "preflight">> {
  const planned = await planOn(garden, declaration, shoot, new Date());
  if (planned.kind === "refused") return {};
  const { steps } = planned.plan;
  const preview = pulumi.runtime.isDryRun();
  const [dryRun, preflight] = await Promise.all([
    preview ? tryRead(() => reportDryRun(garden, steps, shoot)) : undefined,
    preview ? tryRead(() => reportPreflight(garden, steps, shoot, declaration.preflight)) : undefined,
  ]);
  return {
    isUpToDate: steps.length === 0 && isObservedAtLatestGenerationAndSucceeded(shoot),
    dryRun,
    preflight,
  };
}

export async function findApiServer(name: string, declared: unknown): Promise<FoundApiServer | undefined> {
  const parsed = parseDeclared(declared, name);
  if (parsed.kind === "problems") return undefined;
  const garden = await openSharedGarden(parsed.declaration.garden);
  return apiServerOf(garden, await findShoot(garden, parsed.declaration.shoot));
}

/** What fails here is tried again and reported by check. */
async function tryRead<Report>(read: () => Promise<Report | undefined>): Promise<Report | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Without the permission to read the certificate authority, the kubeconfig fails when it is used. */
async function apiServerOf(garden: Garden, shoot: Shoot): Promise<FoundApiServer> {
  const shootUid = shoot.uid;
  try {
    const access = await garden.clusterAccess(shoot);
    return { shootUid, ...(access ?? unknownAddress("address-of-the-shoot-is-not-known")) };
  } catch (error) {
    if (!(error instanceof UserError && error.code === "GU008")) throw error;
    return { shootUid, ...unknownAddress("the-right-to-get-configmaps-is-missing") };
  }
}
