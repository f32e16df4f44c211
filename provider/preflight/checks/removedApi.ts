/**
 * Versions of Kubernetes' own APIs that a minor on the way no longer serves. Source: the lifecycle in k8s.io/api; who uses a
 * version is seen in metadata.managedFields, and in the API server's metric where it can be read. In which version an object
 * is stored is not visible: discovery has the version that is written now. It is not needed either: the types stay in k8s.io/api and in
 * the API server's scheme (k8s.io/kubernetes pkg/apis/…/install), so that what is stored can still be read.
 */
import type { Finding } from "../../model/preflight";
import { count } from "../../model/text";
import { groupVersionOf } from "../apiVersion";
import { isKnown } from "../apiVersions";
import type { ApiUse, ManagedObject, RequestedApi } from "../objects/apiUse";
import { foundObject } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { finding, type Rule } from "../rule";
import type { Check, Inspected } from "./check";

const check = "removedApi";
const requested: Rule = { check, name: "requested", severity: { nodeRoll: "block", controlPlane: "block" } };
const written: Rule = { check, name: "written", severity: { nodeRoll: "warn", controlPlane: "warn" } };
const applied: Rule = { check, name: "applied", severity: { nodeRoll: "warn", controlPlane: "warn" } };
const deprecated: Rule = {
  check,
  name: "removedLater",
  severity: { nodeRoll: "info", controlPlane: "info", patch: "info" },
};

export const removedApis: Check = (inspected) => {
  const { work, objects } = inspected;
  const { apiUses } = objects;
  if (apiUses.kind === "notVisible") return { findings: [], notVisible: [apiUses.reason] };
  const { uses, requested: apis } = apiUses;
  const unknown = work.minors.filter((minor) => !isKnown(minor));
  return {
    findings: [
      ...uses.flatMap((use) => [...writtenBy(use, inspected), ...appliedWith(use, inspected)]),
      ...requestedNow(itemsOf(apis), inspected),
    ],
    notVisible: [
      ...hidden(...uses.map((use) => use.objects), apis),
      ...unknown.map((minor) => `what ${minor} removes is not known to this version of pulumi-gardener`),
    ],
  };
};

/** One finding for each manager. */
function writtenBy({ api, objects }: ApiUse, { work }: Inspected): readonly Finding[] {
  const groupVersion = groupVersionOf(api);
  const managers = new Map<string, { readonly objects: ManagedObject[]; last?: Date }>();
  for (const object of itemsOf(objects)) {
    for (const { manager, apiVersion, time } of object.managers) {
      if (apiVersion !== groupVersion) continue;
      const use = managers.get(manager) ?? { objects: [] };
      use.objects.push(object);
      if (time !== undefined && (use.last === undefined || time > use.last)) use.last = time;
      managers.set(manager, use);
    }
  }
  const onTheWay = work.minors.includes(api.removedIn);
  return [...managers].flatMap(([manager, use]) => {
    const [first, ...others] = use.objects;
    if (first === undefined) return [];
    const when = use.last === undefined ? "" : `, last on ${use.last.toISOString().slice(0, 10)}`;
    return finding(onTheWay ? written : deprecated, work, {
      object: foundObject(api.kind, first),
      related: others.map((object) => foundObject(api.kind, object)),
      part: `${groupVersion} ${manager}`,
      found: `"${manager}" has written ${count(use.objects.length, "object")} with ${groupVersion}${when}`,
      why: `${api.removedIn} no longer serves ${groupVersion} of ${api.kind}; the objects stay`,
      action: `update "${manager}" to ${api.replacement ?? "a later version of this API"}`,
    });
  });
}

/** `kubectl apply` keeps the manifest as it was sent: the next time the same one fails. */
function appliedWith({ api, objects }: ApiUse, { work }: Inspected): readonly Finding[] {
  const groupVersion = groupVersionOf(api);
  const [first, ...others] = itemsOf(objects).filter(({ lastApplied }) => lastApplied === groupVersion);
  if (first === undefined) return [];
  return finding(work.minors.includes(api.removedIn) ? applied : deprecated, work, {
    object: foundObject(api.kind, first),
    related: others.map((object) => foundObject(api.kind, object)),
    part: `${groupVersion} applied`,
    found: `${count(others.length + 1, "object")} ${others.length === 0 ? "was" : "were"} applied with ${groupVersion} (last-applied-configuration)`,
    why: `${api.removedIn} no longer serves ${groupVersion} of ${api.kind}: the same manifests are refused`,
    action: `change them to ${api.replacement ?? "a later version of this API"}`,
  });
}

/** By the API server's own count since it started, which covers reads as well. */
function requestedNow(apis: readonly RequestedApi[], { work }: Inspected): readonly Finding[] {
  return apis.flatMap((use) => {
    if (!work.minors.includes(use.removedIn)) return [];
    const groupVersion = groupVersionOf(use);
    return finding(requested, work, {
      object: { kind: "APIResource", name: `${use.resource}.${groupVersion}` },
      found: "clients have requested it since the API server started",
      why: `${use.removedIn} no longer serves it: these clients fail`,
      action: "find them in the audit log or by their managedFields, and update them",
    });
  });
}
