/**
 * What the program reads of a Shoot before its resource is registered, for all of its Shoots in parallel:
 * the address of the API server and, in a preview, what check would find out of what is pending.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Garden } from "../provider/garden/garden";
import type { CachedGarden } from "../provider/garden/gardens";
import {
  findShoot,
  planOn,
  readApiServer,
  reportKubelets,
  reportReadiness,
  tryRead,
  type FoundApiServer,
} from "../provider/lifecycle";
import { systemClock } from "../provider/model/clock";
import type { Declaration } from "../provider/model/declaration";
import type { ExpectedReads } from "../provider/model/expectedReads";
import type { KubeletReport } from "../provider/model/kubelets";
import { underMocks } from "../provider/mocks";
import { isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import type { ReadinessReport } from "../provider/model/readiness";
import type { Shoot } from "../provider/model/shoot";
import type { ShootVersionsArgs } from "../provider/args";
import { isLiteral } from "../provider/values";
import { parseDeclared, type Declared } from "./arguments";
import { openSharedGarden } from "./connection";
import { examine, type Examination } from "./examination";
import type { Planned } from "./landscape";

export interface Reading extends Planned, Examination {
  /** Absent: it could not be read or planned. */
  readonly garden?: CachedGarden;
  readonly apiServer?: FoundApiServer;
  /** Why it could not be read. */
  readonly failure?: unknown;
  /** Nothing was pending, and Gardener had reconciled the Shoot. */
  readonly isUpToDate?: boolean;
  readonly kubelets?: KubeletReport;
  readonly readiness?: ReadinessReport;
  readonly reads?: ExpectedReads;
}

export interface ReadingOptions {
  /** check does not wait for this reading and finds out the rest by itself. */
  readonly plansOnly: boolean;
  /** The rollout may have to wait: what is pending is examined only once it is known whether it does. */
  readonly waits: boolean;
  /** How many Shoots the program declares in the same project or namespace. Absent: this one is read at a later time than they are. */
  readonly beside?: Promise<number>;
}

/**
 * Never rejects: check reports the problem, and the state may hold an address. A function, which outputs do not copy deeply
 * each time that they are combined.
 *
 * @param args what a preview knows of them.
 */
export function readShoot(
  name: string,
  args: ShootVersionsArgs,
  options: ReadingOptions,
): pulumi.Output<() => Reading> {
  return parseKnown(name, args).apply(async (declaredOf): Promise<() => Reading> => {
    const declared = declaredOf();
    const reading: Partial<Reading> = underMocks()
      ? {}
      : await readDeclared(declared, options).catch((failure: unknown) => ({ failure }));
    return () => ({ ...reading, declared });
  });
}

/** Literals are parsed as they are when the component is created: the SDK would copy them, and the parsing wait for it. */
function parseKnown(name: string, args: ShootVersionsArgs): pulumi.Output<() => Declared> {
  if (!isLiteral(args)) return pulumi.output(args).apply((known) => () => parseDeclared(known, name));
  const declared = parseDeclared(args, name);
  return pulumi.output(() => declared);
}

async function readDeclared(
  { parsed }: Declared,
  { plansOnly, waits, beside }: ReadingOptions,
): Promise<Partial<Reading>> {
  if (parsed.kind === "problems") return {};
  const { declaration } = parsed;
  const garden = await openSharedGarden(declaration.garden);
  if (beside !== undefined) {
    const shoots = await beside;
    garden.expectShoots(declaration.shoot, shoots);
    if (!plansOnly) garden.expectClusterAccess?.(declaration.shoot, shoots);
  }
  const shoot = await findShoot(garden, declaration.shoot);
  const previews = pulumi.runtime.isDryRun() && !plansOnly;
  const planned = readPlan(garden, declaration, shoot, { previews, waits });
  if (plansOnly) return { garden, ...(await planned) };
  const [apiServer, found] = await Promise.all([readApiServer(garden, shoot), planned]);
  return { garden, ...found, apiServer, reads: garden.takeExpectedReads() };
}

/** The plan and, in a preview, what check would find out of it. */
async function readPlan(
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
  { previews, waits }: { readonly previews: boolean; readonly waits: boolean },
): Promise<Partial<Reading>> {
  const result = await planOn(garden, declaration, shoot, systemClock.now());
  if (result.kind === "refused") return { isUpToDate: false };
  const { plan } = result;
  const { steps } = plan;
  const [kubelets, readiness, examination] = await Promise.all([
    previews ? tryRead(() => reportKubelets(garden, shoot, plan)) : undefined,
    previews ? tryRead(() => reportReadiness(garden, steps, shoot)) : undefined,
    previews && !waits ? examine(garden, declaration, shoot, steps) : undefined,
  ]);
  return {
    planned: { shoot, plan },
    isUpToDate: steps.length === 0 && isObservedAtLatestGenerationAndSucceeded(shoot),
    kubelets,
    readiness,
    ...examination,
  };
}

export async function findApiServer({ parsed }: Declared): Promise<FoundApiServer | undefined> {
  if (parsed.kind === "problems") return undefined;
  const garden = await openSharedGarden(parsed.declaration.garden);
  return readApiServer(garden, await findShoot(garden, parsed.declaration.shoot));
}
