/** Address and certificate authority of the Shoot's API server, read for the inputs of the resource. */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { parseDeclaration } from "../provider/declaration/parse";
import type { Garden } from "../provider/garden/garden";
import { unknownAddress, type ApiServer, type FoundApiServer } from "../provider/lifecycle";
import { underMocks } from "../provider/mocks";
import { UserError } from "../provider/model/problem";
import type { Shoot } from "../provider/model/shoot";
import { openSharedGarden } from "./connection";

export interface Reading {
  readonly found?: FoundApiServer;
  /** Why it could not be read. */
  readonly failure?: unknown;
}

/** Never rejects: check reports the problem, and the state may hold an address. */
export function readApiServer(name: string, args: ShootVersionsArgs): pulumi.Output<Reading> {
  if (underMocks()) return pulumi.output({});
  return pulumi.output(args).apply(async (declared): Promise<Reading> => {
    try {
      return { found: await findApiServer(name, declared) };
    } catch (failure) {
      return { failure };
    }
  });
}

export async function findApiServer(name: string, declared: unknown): Promise<FoundApiServer | undefined> {
  // As the provider receives it: undefined is not sent through the engine.
  const parsed = parseDeclaration(JSON.parse(JSON.stringify(declared)), name);
  if (parsed.kind === "problems") return undefined;
  const garden = await openSharedGarden(parsed.declaration.garden);
  const shoot = await garden.getShoot(await garden.locate(parsed.declaration.shoot));
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
