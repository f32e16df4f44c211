/** Ways into a Shoot: kubeconfigs that Cleura mints, and what they tell of its API. */
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { Kubeconfig, ShootAccess } from "../garden";
import { statusFailure, type ApiAnswer } from "../http";
import { SHORTEST_SECONDS } from "../shoot/cluster";
import { describeShoot, type CleuraContext } from "./api";
import { decodeKubeconfig, type IssuedKubeconfig } from "./decode";
import { unknownShoot } from "./read";

export async function requestKubeconfig(
  line: CleuraContext,
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
  const { kubeconfig, expires } = await issue(line, ref, seconds);
  return { kubeconfig, expires };
}

/**
 * Of the credentials that come with it nothing is kept. Undefined only while the Shoot is being created:
 * whatever else fails may pass, and is thrown.
 */
export async function clusterAccess(line: CleuraContext, shoot: Shoot): Promise<ShootAccess | undefined> {
  return (await issueIfCreated(line, shoot))?.access;
}

/** Undefined where there is nothing to enter: the Shoot sleeps, or is being created. */
export async function issueIfAwake(line: CleuraContext, shoot: Shoot): Promise<IssuedKubeconfig | undefined> {
  return sleeps(shoot) ? undefined : issueIfCreated(line, shoot);
}

async function issueIfCreated(line: CleuraContext, shoot: Shoot): Promise<IssuedKubeconfig | undefined> {
  const answer = await post(line, shoot.ref, SHORTEST_SECONDS);
  // Neither is its certificate authority there yet, nor its address.
  if (answer.kind === "status" && answer.status.code !== 403 && isBeingCreated(shoot)) return undefined;
  const hint = sleeps(shoot) ? ". It is hibernated: its address is told again when it is awake" : "";
  return minted(line, shoot.ref, answer, SHORTEST_SECONDS, hint);
}

function sleeps({ hibernation }: Shoot): boolean {
  return hibernation.enabled || hibernation.hibernated;
}

function isBeingCreated({ lastOperation }: Shoot): boolean {
  return (
    lastOperation === undefined || (lastOperation.type === "Create" && lastOperation.state !== "Succeeded")
  );
}

export async function issue(line: CleuraContext, ref: ShootRef, seconds: number): Promise<IssuedKubeconfig> {
  const lasting = Math.max(seconds, SHORTEST_SECONDS);
  return minted(line, ref, await post(line, ref, lasting), lasting);
}

/** Version 3 answers JSON; the operation of version 2, which older servers have alone, is deprecated and answers YAML. */
async function post({ client, paths }: CleuraContext, ref: ShootRef, seconds: number): Promise<ApiAnswer> {
  const subject = describeShoot(ref);
  const path = paths.adminKubeconfig(ref.name);
  const body = { expiration_seconds: seconds };
  const answer = await client.post(path, { subject, version: "v3" }, body);
  if (answer.kind === "ok" || answer.status.code !== 404) return answer;
  return client.post(path, { subject, orText: true }, body);
}

async function minted(
  line: CleuraContext,
  ref: ShootRef,
  answer: ApiAnswer,
  seconds: number,
  hint = "",
): Promise<IssuedKubeconfig> {
  const subject = describeShoot(ref);
  if (answer.kind === "ok") {
    const until = new Date(line.clock.now().getTime() + seconds * 1000);
    return decodeKubeconfig(subject, answer.body, until);
  }
  if (answer.status.code === 404) throw await unknownShoot(line, ref.name);
  const request = { verb: "create", resource: "admin-kubeconfig", subject };
  const failure = statusFailure(answer.status, request, line.client.connection);
  throw new UserError(failure.code, `${failure.message}${hint}`);
}
