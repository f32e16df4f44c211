/** Ways into a Shoot: kubeconfigs that Cleura mints, and what they tell of its API. */
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { Kubeconfig, ShootAccess } from "../garden";
import { statusFailure, type ApiAnswer } from "../http";
import { SHORTEST_SECONDS } from "../shoot/cluster";
import { describeShoot, type Line } from "./api";
import { decodeKubeconfig, type MintedKubeconfig } from "./decode";
import { unknownShoot } from "./read";

export async function requestKubeconfig(
  line: Line,
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
  const { kubeconfig, expires } = await mint(line, ref, seconds);
  return { kubeconfig, expires };
}

/** Of the credentials that come with it nothing is kept. */
export async function clusterAccess(line: Line, shoot: Shoot): Promise<ShootAccess | undefined> {
  return (await mintIfPossible(line, shoot))?.access;
}

/** Undefined where there is nothing to enter, or not yet. */
export async function mintIfPossible(line: Line, shoot: Shoot): Promise<MintedKubeconfig | undefined> {
  if (shoot.hibernation.enabled || shoot.hibernation.hibernated) return undefined;
  const answer = await post(line, shoot.ref, SHORTEST_SECONDS);
  // No Shoot, none to enter (400, 409, 422), or its CA is not there yet (500).
  if (answer.kind === "status" && [400, 404, 409, 422, 500].includes(answer.status.code)) return undefined;
  return minted(line, shoot.ref, answer, SHORTEST_SECONDS);
}

export async function mint(line: Line, ref: ShootRef, seconds: number): Promise<MintedKubeconfig> {
  const lasting = Math.max(seconds, SHORTEST_SECONDS);
  return minted(line, ref, await post(line, ref, lasting), lasting);
}

function post({ client, paths }: Line, ref: ShootRef, seconds: number): Promise<ApiAnswer> {
  const subject = describeShoot(ref);
  return client.post(
    paths.adminKubeconfig(ref.name),
    { subject, orText: true },
    { expiration_seconds: seconds },
  );
}

async function minted(
  line: Line,
  ref: ShootRef,
  answer: ApiAnswer,
  seconds: number,
): Promise<MintedKubeconfig> {
  const subject = describeShoot(ref);
  if (answer.kind === "ok") {
    const until = new Date(line.clock.now().getTime() + seconds * 1000);
    return decodeKubeconfig(subject, answer.body, until);
  }
  if (answer.status.code === 404) throw await unknownShoot(line, ref.name);
  const asked = { verb: "create", resource: "admin-kubeconfig", subject };
  throw statusFailure(answer.status, asked, line.client.connection);
}
