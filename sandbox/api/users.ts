/** What users may do: users with tokens and rules, and client certificates. */
import { type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { isRecord } from "../../provider/model/json";
import { type JsonMap, map, textAt } from "../json";
import { forbidden } from "./failure";

/** As in an RBAC Role; `*` for all. Absent: all groups, names or namespaces. */
export interface Rule {
  readonly verbs: readonly string[];
  /** Subresources as `shoots/viewerkubeconfig`. */
  readonly resources: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly namespaces?: readonly string[];
}

export interface User {
  /** Absent where a certificate names the user. */
  readonly token?: string;
  readonly name: string;
  readonly rules?: readonly Rule[];
}

export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export type Users = ReturnType<typeof createUsers>;

export const EVERYTHING: readonly Rule[] = [{ verbs: ["*"], resources: ["*"] }];
const READING: readonly Rule[] = [{ verbs: ["get", "list", "watch"], resources: ["*"] }];
/** What Gardener grants to all authenticated users (ClusterRole gardener.cloud:system:read-global-resources). */
const FOR_ALL: readonly Rule[] = [
  { verbs: ["get", "list", "watch"], apiGroups: ["core.gardener.cloud"], resources: ["cloudprofiles"] },
  { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["*"] },
];
/** Groups as Gardener's admin and viewer kubeconfigs carry them. */
const GROUP_RULES: Readonly<Record<string, readonly Rule[]>> = {
  "system:masters": EVERYTHING,
  "gardener.cloud:project:admins": EVERYTHING,
  "gardener.cloud:system:admins": EVERYTHING,
  "gardener.cloud:project:viewers": READING,
  "gardener.cloud:system:viewers": READING,
};

export function createUsers() {
  const known = new Map<string, User>();
  const allowed = (user: User, access: Access) =>
    [...FOR_ALL, ...(user.rules ?? [])].some((rule) => grants(rule, access));
  return {
    add(user: User & { readonly token: string }): void {
      known.set(user.token, user);
    },
    byToken: (token: string): User | undefined => known.get(token),
    allowed,
    /** Throws the API server's refusal. */
    requireAccess(user: User, access: Access): void {
      if (allowed(user, access)) return;
      const { group, resource, namespace } = access;
      const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
      const what = `resource ${quote(resourcePath(access))} in API group ${quote(group)} ${where}`;
      const message = `User ${quote(user.name)} cannot ${access.verb} ${what}`;
      throw forbidden({ group, resource }, access.name, message);
    },
    /** Answers a SelfSubjectAccessReview. */
    review(user: User, body: JsonMap): JsonMap {
      const attribute = (name: string) => textAt(body, "spec", "resourceAttributes", name);
      const access = {
        verb: attribute("verb"),
        group: attribute("group"),
        resource: attribute("resource"),
        subresource: attribute("subresource"),
        namespace: attribute("namespace"),
        name: attribute("name"),
      };
      return {
        kind: "SelfSubjectAccessReview",
        apiVersion: "authorization.k8s.io/v1",
        metadata: { creationTimestamp: null },
        spec: map(body.spec),
        status: { allowed: allowed(user, access) },
      };
    },
  };
}

/** To read a certificate takes as long as to answer a small request. */
const certificateUsers = new WeakMap<Socket, User>();

/** Undefined without a certificate that the authority of the server's clients has signed. */
export function certificateUser(socket: Socket): User | undefined {
  const user = certificateUsers.get(socket) ?? readCertificate(socket);
  if (user !== undefined) certificateUsers.set(socket, user);
  return user;
}

function readCertificate(socket: Socket): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const subject: unknown = socket.getPeerCertificate().subject;
  if (!isRecord(subject) || typeof subject.CN !== "string") return undefined;
  const groups = [subject.O].flat().filter((group) => typeof group === "string");
  return { name: subject.CN, rules: groups.flatMap((group) => GROUP_RULES[group] ?? []) };
}

function grants(rule: Rule, access: Access): boolean {
  const has = (values: readonly string[] | undefined, value: string) =>
    values === undefined || values.includes("*") || values.includes(value);
  return (
    has(rule.verbs, access.verb) &&
    has(rule.apiGroups, access.group) &&
    has(rule.resources, resourcePath(access)) &&
    has(rule.resourceNames, access.name) &&
    has(rule.namespaces, access.namespace)
  );
}

const quote = (value: string) => JSON.stringify(value);

const resourcePath = ({ resource, subresource }: Access) =>
  subresource === "" ? resource : `${resource}/${subresource}`;
