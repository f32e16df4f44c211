/** Address and CA of a Shoot's API server. */
import type { Shoot, ShootRef } from "../../model/shoot";
import type { Clock } from "../../model/clock";
import { at, document, isAbsent, root, text, type Field } from "../field";
import type { ShootAccess } from "../garden";
import { statusFailure, type ApiClient } from "../http";
import { createNamespaceReads, READ_MS, type NamespaceReads } from "../namespaceReads";
import { describeShoot, paths } from "./api";
import { listAll } from "./read";

/** PEM of the CA of a Shoot's API server; undefined where it does not exist yet. */
export type AuthorityReads = NamespaceReads<string | undefined>;

/** The CA is in the ConfigMap NAME.ca-cluster in the Shoot's namespace, as for gardenctl and the dashboard. */
const SUFFIX = ".ca-cluster";
/** Of these ConfigMaps (gardener pkg/gardenlet/operation/botanist/secrets.go). */
const labelSelector = "gardener.cloud/role=ca-cluster";

export function createAuthorityReads(client: ApiClient, clock: Clock): AuthorityReads {
  return createNamespaceReads(
    {
      get: (ref) => readAuthority(client, ref),
      async list(namespace) {
        const path = paths.configMaps(namespace);
        const items = await listAll(client, { path, resource: "configmaps", namespace, labelSelector });
        return new Map(
          items.map((item) => [
            text(at(item, "metadata", "name")).slice(0, -SUFFIX.length),
            () => decodeAuthority(item),
          ]),
        );
      },
    },
    clock,
    READ_MS,
  );
}

async function readAuthority(client: ApiClient, { namespace, name }: ShootRef): Promise<string | undefined> {
  const resource = `${name}${SUFFIX}`;
  const answer = await client.send({ method: "GET", path: paths.configMap(namespace, resource) });
  if (answer.kind === "ok") return decodeAuthority(root(`ConfigMap ${resource}`, answer.body));
  if (answer.status.code === 404) return undefined;
  throw statusFailure(
    answer.status,
    { verb: "get", resource: "configmaps", namespace, subject: describeShoot({ namespace, name }) },
    client.connection,
  );
}

function decodeAuthority(configMap: Field): string | undefined {
  const bundle = at(configMap, "data", "ca.crt");
  return isAbsent(bundle) ? undefined : document(bundle);
}

export async function clusterAccess(
  authorities: AuthorityReads,
  shoot: Shoot,
): Promise<ShootAccess | undefined> {
  const server = advertisedAddress(shoot);
  if (server === undefined) return undefined;
  const certificateAuthority = await authorities.get(shoot.ref);
  return certificateAuthority === undefined ? undefined : { server, certificateAuthority };
}

/** `service-account-issuer` serves OIDC documents, not the API. */
function advertisedAddress(shoot: Shoot): string | undefined {
  const addresses = shoot.advertisedAddresses.filter(({ name }) => name !== "service-account-issuer");
  return (addresses.find(({ name }) => name === "external") ?? addresses[0])?.url;
}
