/** Who may do what at a Shoot's API: the client certificate names the user and the groups. */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { isRecord } from "../../provider/model/json";

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Groups as Gardener's admin and viewer kubeconfigs carry them. */
const ADMINS = ["system:masters", "gardener.cloud:project:admins", "gardener.cloud:system:admins"];
const VIEWERS = ["gardener.cloud:project:viewers", "gardener.cloud:system:viewers"];

/** Undefined without a certificate that the Shoot's client authority has signed. */
export function userOf(request: IncomingMessage): User | undefined {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const subject: unknown = socket.getPeerCertificate().subject;
  if (!isRecord(subject) || typeof subject.CN !== "string") return undefined;
  const groups = Array.isArray(subject.O) ? subject.O : [subject.O];
  return { name: subject.CN, groups: groups.filter((group) => typeof group === "string") };
}

export function mayRead(user: User): boolean {
  return mayWrite(user) || VIEWERS.some((group) => user.groups.includes(group));
}

export function mayWrite(user: User): boolean {
  return ADMINS.some((group) => user.groups.includes(group));
}
