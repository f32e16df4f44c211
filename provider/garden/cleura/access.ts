/** Access to a Shoot's own API: kubeconfigs that Cleura issues, the API's address, and its nodes. */
import { isHibernated } from "../../model/operation";
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { Kubeconfig, ShootAccess, ShootCluster } from "../garden";
import { statusFailure, type ApiAnswer } from "../http";
import { openClusterWith, SHORTEST_SECONDS, type ClusterSettings } from "../shoot/cluster";
import { describeShoot, type CleuraContext } from "./api";
import { decodeKubeconfig, type IssuedKubeconfig } from "./decode";
import { unknownShoot } from "./read";

export async function requestKubeconfig(
  context: CleuraContext,
  ref: ShootRef,
  access: "admin" | "viewer",
  seconds: number,
): Promise<Kubeconfig> {
  if (access === "viewer") {
    throw new UserError(
      "GU021",
      `${describeShoot(ref)}: Cleura issues kubeconfigs for administrators only, none for viewers. Write access: "admin".`,
      { property: "access" },
    );
  }
  const { kubeconfig, expires } = await issue(context, ref, seconds);
  return { kubeconfig, expires };
}

/**
 * The credentials of the kubeconfig are discarded. Undefined only while the Shoot is being created: any
 * other failure may be temporary, and is thrown.
 */
export async function clusterAccess(context: CleuraContext, shoot: Shoot): Promise<ShootAccess | undefined> {
  const answer = await post(context, shoot.ref, SHORTEST_SECONDS);
  // Neither its certificate authority nor its address exists yet.
  if (answer.kind === "status" && answer.status.code !== 403 && isBeingCreated(shoot)) return undefined;
  const hint = isHibernated(shoot) ? ". It is hibernated: its address is shown again when it is awake" : "";
  return (await decodeIssued(context, shoot.ref, answer, SHORTEST_SECONDS, hint)).access;
}

/**
 * With an administrator's kubeconfig, the only kind that there is; nothing is written. Throws where no
 * kubeconfig is issued for now, whatever the reason: the caller tries again.
 */
export async function openCluster(
  context: CleuraContext,
  shoot: Shoot,
  settings: ClusterSettings,
): Promise<ShootCluster | undefined> {
  if (isHibernated(shoot)) return undefined;
  const renew = () => issue(context, shoot.ref, SHORTEST_SECONDS);
  const first = await renew();
  const subject = describeShoot(shoot.ref);
  return openClusterWith({ subject, first, context: first.context, mint: renew }, settings);
}

async function issue(context: CleuraContext, ref: ShootRef, seconds: number): Promise<IssuedKubeconfig> {
  const lifetime = Math.max(seconds, SHORTEST_SECONDS);
  return decodeIssued(context, ref, await post(context, ref, lifetime), lifetime);
}

/** Version 3 answers in JSON. Version 2, the only one of older servers, is deprecated and answers in YAML. */
async function post({ client, paths }: CleuraContext, ref: ShootRef, seconds: number): Promise<ApiAnswer> {
  const subject = describeShoot(ref);
  const path = paths.adminKubeconfig(ref.name);
  const body = { expiration_seconds: seconds };
  const answer = await client.post(path, { subject, version: "v3" }, body);
  if (answer.kind === "ok" || answer.status.code !== 404) return answer;
  return client.post(path, { subject, allowText: true }, body);
}

async function decodeIssued(
  context: CleuraContext,
  ref: ShootRef,
  answer: ApiAnswer,
  seconds: number,
  hint = "",
): Promise<IssuedKubeconfig> {
  const subject = describeShoot(ref);
  if (answer.kind === "ok") {
    const until = new Date(context.clock.now().getTime() + seconds * 1000);
    return decodeKubeconfig(subject, answer.body, until);
  }
  if (answer.status.code === 404) throw await unknownShoot(context, ref.name);
  const request = { verb: "create", resource: "admin-kubeconfig", subject };
  const failure = statusFailure(answer.status, request, context.client.connection);
  throw new UserError(failure.code, `${failure.message}${hint}`, { retryable: failure.retryable });
}

function isBeingCreated({ lastOperation }: Shoot): boolean {
  return (
    lastOperation === undefined || (lastOperation.type === "Create" && lastOperation.state !== "Succeeded")
  );
}
