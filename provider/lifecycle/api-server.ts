/**
 * Address and certificate authority of a Shoot's API, kept among inputs and outputs: both are public,
 * and a kubeconfig made of them must not change because they cannot be read for once.
 */
import type { Garden, ShootAccess } from "../garden/garden";
import { isRecord } from "../model/json";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";

export type ApiServer = ShootAccess;

/** As the component has read it, with the cluster that it belongs to. */
export interface FoundApiServer extends ApiServer {
  readonly shootUid: string;
}

/**
 * Stands for an address that is not known: fails loudly when it is used, and says why by the name of
 * the host that is not found (RFC 2606). An empty kubeconfig would send the workload to whatever
 * cluster the ambient KUBECONFIG names.
 */
export function unknownAddress(why: "address-of-the-shoot-is-not-known" | MissingRight): ApiServer {
  return { server: `https://${why}.invalid` };
}

type MissingRight = "the-right-to-get-configmaps-is-missing";

function isKnown({ server }: ApiServer): boolean {
  return !URL.canParse(server) || !new URL(server).hostname.endsWith(".invalid");
}

/** Without the permission to read the certificate authority, the kubeconfig fails when it is used. */
export async function readApiServer(garden: Garden, shoot: Shoot): Promise<FoundApiServer> {
  const shootUid = shoot.uid;
  try {
    const access = await garden.clusterAccess(shoot);
    return { shootUid, ...(access ?? unknownAddress("address-of-the-shoot-is-not-known")) };
  } catch (error) {
    if (!(error instanceof UserError && error.missingRight)) throw error;
    return { shootUid, ...unknownAddress("the-right-to-get-configmaps-is-missing") };
  }
}

/** What was found now, where that is an address; else what was known before. */
export function latestApiServer(
  found: FoundApiServer | undefined,
  before: ApiServer | undefined,
  shootUid: string,
): ApiServer | undefined {
  // Under the same name there may be another cluster by now.
  const now = found?.shootUid === shootUid ? decodeApiServer(found) : undefined;
  return [now, before].find((one) => one !== undefined && isKnown(one)) ?? now ?? before;
}

export function decodeApiServer(value: unknown): ApiServer | undefined {
  if (!isRecord(value) || typeof value["server"] !== "string") return undefined;
  const { server, certificateAuthority } = value;
  return { server, ...(typeof certificateAuthority === "string" && { certificateAuthority }) };
}

export function decodeFoundApiServer(value: unknown): FoundApiServer | undefined {
  const found = decodeApiServer(value);
  const shootUid = isRecord(value) ? value["shootUid"] : undefined;
  return found === undefined || typeof shootUid !== "string" ? undefined : { ...found, shootUid };
}

export function sameApiServer(a: ApiServer | undefined, b: ApiServer | undefined): boolean {
  return a?.server === b?.server && a?.certificateAuthority === b?.certificateAuthority;
}
