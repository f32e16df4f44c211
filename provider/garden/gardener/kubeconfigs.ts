/** Kubeconfigs for a Shoot's API that Gardener issues: `shoots/viewerkubeconfig` and `shoots/adminkubeconfig`. */
import type { Access } from "../../model/enums";
import { createLimit } from "../../model/limit";
import { UserError } from "../../model/problem";
import type { ShootRef } from "../../model/shoot";
import { parseKubeconfig, type Connection } from "../connection";
import { at, date, document, root } from "../field";
import type { Kubeconfig } from "../garden";
import { statusFailure, type ApiAnswer, type ApiClient, type ApiStatus } from "../http";
import { SHORTEST_SECONDS } from "../shoot/cluster";
import { describeShoot, paths } from "./api";

const kinds = { admin: "AdminKubeconfigRequest", viewer: "ViewerKubeconfigRequest" } as const;

/**
 * Each process of Gardener's API server issues five a second, after ten at once, whoever requests them: before each it creates a
 * SubjectAccessReview with a client that has the default limits of client-go's rest.Config
 * (pkg/apiserver/registry/core/shoot/storage/kubeconfig.go, cmd/gardener-apiserver/app/gardener_apiserver.go). What waits there
 * delays the requests of others, and keeps a connection. Each also costs it an RSA key of 3072 bits (pkg/utils/secrets/certificate.go).
 */
const AT_ONCE = 10;

export interface KubeconfigRequests {
  readonly connection: Connection;
  send(ref: ShootRef, access: Access, seconds: number): Promise<ApiAnswer>;
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
  access: Access,
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
  access: Access,
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
  throw kubeconfigFailure(requests, ref, access, answer.status);
}

/** A status in place of a kubeconfig. */
export function kubeconfigFailure(
  { connection }: KubeconfigRequests,
  ref: ShootRef,
  access: Access,
  status: ApiStatus,
): UserError {
  const { namespace } = ref;
  const resource = `shoots/${access}kubeconfig`;
  return statusFailure(
    status,
    { verb: "create", resource, namespace, subject: describeShoot(ref) },
    connection,
  );
}
