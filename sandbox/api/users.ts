/** Who may do what: users with rules of their own, the RBAC objects of the garden, and client certificates. */
import { type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { isRecord } from "../../provider/model/json";
import { type JsonMap, list, mapsAt, map, textAt } from "../json";
import { forbidden } from "./failure";
import { clusterRoleBindings, clusterRoles, type Resource, roleBindings, roles } from "./resource";
import type { Store } from "./store";

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
  readonly groups?: readonly string[];
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

export interface Users {
  add(user: User & { readonly token: string }): void;
  remove(name: string): void;
  byToken(token: string): User | undefined;
  allowed(user: User, access: Access): boolean;
  /** Throws the API server's refusal. */
  demand(user: User, access: Access): void;
  /** Answers a SelfSubjectAccessReview. */
  review(user: User, body: JsonMap): JsonMap;
}

export const EVERYTHING: readonly Rule[] = [{ verbs: ["*"], resources: ["*"] }];

const READING: readonly Rule[] = [{ verbs: ["get", "list", "watch"], resources: ["*"] }];
/** What Gardener grants to everybody who is known (ClusterRole gardener.cloud:system:read-global-resources). */
const FOR_ALL: readonly Rule[] = [
  { verbs: ["get", "list", "watch"], apiGroups: ["core.gardener.cloud"], resources: ["cloudprofiles"] },
  { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["*"] },
];

export function createUsers(store: Store): Users {
  const known = new Map<string, User>();

  function rulesOf(user: User): Rule[] {
    const own = [...FOR_ALL, ...(user.rules ?? [])];
    const cluster = store
      .list(clusterRoleBindings)
      .filter((binding) => binds(binding, user))
      .flatMap((binding) => rulesOfRole(binding, "", undefined));
    const namespaced = store
      .list(roleBindings)
      .filter((binding) => binds(binding, user))
      .flatMap((binding) => {
        const namespace = textAt(binding, "metadata", "namespace");
        return rulesOfRole(binding, namespace, [namespace]);
      });
    return [...own, ...cluster, ...namespaced];
  }

  function rulesOfRole(binding: JsonMap, namespace: string, namespaces: string[] | undefined): Rule[] {
    const resource = textAt(binding, "roleRef", "kind") === "Role" ? roles : clusterRoles;
    const role = store.get(resource, namespace, textAt(binding, "roleRef", "name"));
    return mapsAt(role, "rules").map((rule) => ({ ...toRule(rule), namespaces }));
  }

  const allowed = (user: User, access: Access) => rulesOf(user).some((rule) => grants(rule, access));

  return {
    add: (user) => known.set(user.token, user),
    remove(name) {
      for (const [token, user] of known) if (user.name === name) known.delete(token);
    },
    byToken: (token) => known.get(token),
    allowed,
    demand(user, access) {
      if (!allowed(user, access)) throw refusal(user, access);
    },
    review(user, body) {
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

/** Groups as Gardener's admin and viewer kubeconfigs carry them. */
const GROUP_RULES: Readonly<Record<string, readonly Rule[]>> = {
  "system:masters": EVERYTHING,
  "gardener.cloud:project:admins": EVERYTHING,
  "gardener.cloud:system:admins": EVERYTHING,
  "gardener.cloud:project:viewers": READING,
  "gardener.cloud:system:viewers": READING,
};

/** Undefined without a certificate that the authority of the server's clients has signed. */
export function certificateUser(socket: Socket): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const subject: unknown = socket.getPeerCertificate().subject;
  if (!isRecord(subject) || typeof subject.CN !== "string") return undefined;
  const groups = [subject.O].flat().filter((group) => typeof group === "string");
  return { name: subject.CN, groups, rules: groups.flatMap((group) => GROUP_RULES[group] ?? []) };
}

function binds(binding: JsonMap, user: User): boolean {
  return mapsAt(binding, "subjects").some((subject) =>
    subject.kind === "Group"
      ? [...(user.groups ?? []), "system:authenticated"].includes(textAt(subject, "name"))
      : subject.kind === "User" && subject.name === user.name,
  );
}

function toRule(rule: JsonMap): Rule {
  const names = (key: string) => list(map(rule)[key]).map(String);
  const resourceNames = names("resourceNames");
  return {
    verbs: names("verbs"),
    resources: names("resources"),
    apiGroups: names("apiGroups"),
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
  };
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

function resourcePath(access: Access): string {
  return access.subresource === "" ? access.resource : `${access.resource}/${access.subresource}`;
}

function refusal(user: User, access: Access) {
  const where =
    access.namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(access.namespace)}`;
  return forbidden(
    { group: access.group, resource: access.resource },
    access.name,
    `User ${JSON.stringify(user.name)} cannot ${access.verb} resource ${JSON.stringify(resourcePath(access))} in API group ${JSON.stringify(access.group)} ${where}`,
  );
}

export function accessTo(
  verb: string,
  resource: Resource,
  namespace: string,
  name: string,
  subresource = "",
): Access {
  return { verb, group: resource.group, resource: resource.resource, subresource, namespace, name };
}
