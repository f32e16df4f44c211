/** Address and certificate authority of the Shoot's API, read before the resource is registered, which keeps them. */
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
  /** Why not, where it may be otherwise the next time. */
  readonly failure?: unknown;
}

/** Never rejects: the resource says what is wrong with the garden or the declaration, and may know them from before. */
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
  // As the provider receives it: what is undefined does not travel through the engine.
  const parsed = parseDeclaration(JSON.parse(JSON.stringify(declared)), name);
  if (parsed.kind === "problems") return undefined;
  const garden = await openSharedGarden(parsed.declaration.garden);
  const shoot = await garden.getShoot(await garden.locate(parsed.declaration.shoot));
  return { shootUid: shoot.uid, ...(await addressOf(garden, shoot)) };
}

/** Who may not read the certificate authority can do without, and learns of it when the kubeconfig is used. */
async function addressOf(garden: Garden, shoot: Shoot): Promise<ApiServer> {
  try {
    return (await garden.clusterAccess(shoot)) ?? unknownAddress("address-of-the-shoot-is-not-known");
  } catch (error) {
    if (!(error instanceof UserError && error.code === "GU008")) throw error;
    return unknownAddress("the-right-to-get-configmaps-is-missing");
  }
}
