/** Access to a Shoot: address and CA of its API server, and kubeconfigs that Gardener issues. */
import { createLimit } from "../../model/limit";
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { Clock } from "../../model/clock";
import { at, date, document, isAbsent, root, text, type Field } from "../field";
import { parseKubeconfig, type Connection } from "../connection";
import type { Kubeconfig, ShootAccess } from "../garden";
import { statusFailure, type ApiAnswer, type ApiClient } from "../http";
import { createNamespaceReads, READ_MS, type NamespaceReads } from "../namespaceReads";
import { SHORTEST_SECONDS } from "../shoot/cluster";
import { describeShoot, paths } from "./api";
import { listAll } from "./read";

export type AccessKind = "admin" | "viewer";

const kinds = { admin: "AdminKubeconfigRequest", viewer: "ViewerKubeconfigRequest" } as const;

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

/**
 * Each process of Gardener's API server issues five a second, after ten at once, whoever requests them: before each it creates a
 * SubjectAccessReview with a client that has the default limits of client-go's rest.Config
 * (pkg/apiserver/registry/core/shoot/storage/kubeconfig.go, cmd/gardener-apiserver/app/gardener_apiserver.go). What waits there
 * delays the requests of others, and keeps a connection. Each also costs it an RSA key of 3072 bits (pkg/utils/secrets/certificate.go).
 */
const AT_ONCE = 10;

export interface KubeconfigRequests {
  readonly connection: Connection;
  send(ref: ShootRef, access: AccessKind, seconds: number): Promise<ApiAnswer>;
}

export function createKubeconfigRequests(client: ApiClient): KubeconfigRequests {
  const limit = createLimit(AT_ONCE);
  let answers = 0;
  return {
    connection: client.connection,
    async send(ref, access, seconds) {
      await limit.acquire();
      const before = answers;
      try {
        const answer = await postKubeconfigRequest(client, ref, access, seconds);
        answers += 1;
        return answer;
      } catch (error) {
        // The garden has answered none in that time: the rest would wait for the same failure, ten after ten.
        if (answers === before) limit.reject(error);
        throw error;
      } finally {
        limit.release();
      }
    },
  };
}

function postKubeconfigRequest(
  client: ApiClient,
  ref: ShootRef,
  access: AccessKind,
  seconds: number,
): Promise<ApiAnswer> {
  return client.send({
    method: "POST",
    // Issues credentials and changes nothing of the Shoot.
    safe: true,
    path: `${paths.shoot(ref)}/${access}kubeconfig`,
    body: {
      type: "application/json",
      value: {
        apiVersion: "authentication.gardener.cloud/v1alpha1",
        kind: kinds[access],
        spec: { expirationSeconds: seconds },
      },
    },
  });
}

export async function decodeKubeconfigRequest(ref: ShootRef, body: unknown): Promise<Kubeconfig> {
  const status = at(root(`The kubeconfig request for ${describeShoot(ref)}`, body), "status");
  const kubeconfig = Buffer.from(document(at(status, "kubeconfig")), "base64").toString("utf8");
  // Refused before it is opened or returned.
  const origin = `that Gardener issued for ${describeShoot(ref)}`;
  await parseKubeconfig(kubeconfig, { kind: "issued", content: kubeconfig, origin });
  return {
    kubeconfig,
    // May be earlier than requested: the server caps it.
    expires: date(at(status, "expirationTimestamp")),
  };
}

export async function requestKubeconfig(
  requests: KubeconfigRequests,
  ref: ShootRef,
  access: AccessKind,
  seconds: number,
): Promise<Kubeconfig> {
  const answer = await requests.send(ref, access, Math.max(seconds, SHORTEST_SECONDS));
  if (answer.kind === "ok") return decodeKubeconfigRequest(ref, answer.body);
  if (answer.status.code === 404) {
    throw new UserError(
      "GU010",
      `${describeShoot(ref)} does not exist in ${requests.connection.description}.`,
    );
  }
  throw statusFailure(
    answer.status,
    {
      verb: "create",
      resource: `shoots/${access}kubeconfig`,
      namespace: ref.namespace,
      subject: describeShoot(ref),
    },
    requests.connection,
  );
}
