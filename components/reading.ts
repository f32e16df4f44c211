/**
 * What the program reads of a Shoot before its resource is registered, for all of its Shoots in parallel:
 * the address of the API server and, in a preview, the dry run of what is pending.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { parseDeclaration } from "../provider/declaration/parse";
import type { Garden } from "../provider/garden/garden";
import {
  findShoot,
  readAndPlan,
  reportDryRun,
  unknownAddress,
  type ApiServer,
  type FoundApiServer,
} from "../provider/lifecycle";
import type { Declaration } from "../provider/model/declaration";
import type { DryRunReport } from "../provider/model/dryRun";
import { underMocks } from "../provider/mocks";
import { isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import type { Step } from "../provider/model/plan";
import { UserError } from "../provider/model/problem";
import type { Shoot } from "../provider/model/shoot";
import { openSharedGarden } from "./connection";

export interface Reading {
  readonly found?: FoundApiServer;
  /** Why it could not be read. */
  readonly failure?: unknown;
  /** Nothing was pending, and Gardener had reconciled the Shoot. */
  readonly isUpToDate?: boolean;
  /** In a preview, where something is pending. */
  readonly dryRun?: DryRunReport;
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
  const declaration = declarationOf(name, declared);
  if (declaration === undefined) return {};
  const garden = await openSharedGarden(declaration.garden);
  const { shoot, planned } = await readAndPlan(garden, declaration, new Date());
  const steps = planned.kind === "plan" ? planned.plan.steps : [];
  const isUpToDate =
    planned.kind === "plan" && steps.length === 0 && isObservedAtLatestGenerationAndSucceeded(shoot);
  const [found, dryRun] = await Promise.all([
    apiServerOf(garden, shoot),
    pulumi.runtime.isDryRun() ? tryDryRun(garden, steps, shoot) : undefined,
  ]);
  return { found, dryRun, isUpToDate };
}

export async function findApiServer(name: string, declared: unknown): Promise<FoundApiServer | undefined> {
  const declaration = declarationOf(name, declared);
  if (declaration === undefined) return undefined;
  const garden = await openSharedGarden(declaration.garden);
  return apiServerOf(garden, await findShoot(garden, declaration.shoot));
}

function declarationOf(name: string, declared: unknown): Declaration | undefined {
  // As the provider receives it: undefined is not sent through the engine.
  const parsed = parseDeclaration(JSON.parse(JSON.stringify(declared)), name);
  return parsed.kind === "problems" ? undefined : parsed.declaration;
}

/** What fails here is tried again and reported by check. */
async function tryDryRun(
  garden: Garden,
  steps: readonly Step[],
  shoot: Shoot,
): Promise<DryRunReport | undefined> {
  try {
    return await reportDryRun(garden, steps, shoot);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function apiServerOf(garden: Garden, shoot: Shoot): Promise<FoundApiServer> {
  return { shootUid: shoot.uid, ...(await addressOf(garden, shoot)) };
}

/** Without the permission to read the certificate authority, the kubeconfig fails when it is used. */
async function addressOf(garden: Garden, shoot: Shoot): Promise<ApiServer> {
  try {
    return (await garden.clusterAccess(shoot)) ?? unknownAddress("address-of-the-shoot-is-not-known");
  } catch (error) {
    if (!(error instanceof UserError && error.code === "GU008")) throw error;
    return unknownAddress("the-right-to-get-configmaps-is-missing");
  }
}
