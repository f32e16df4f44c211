/** The kinds that the sandbox serves. */
import { type JsonMap, text } from "../json";
import { discovered } from "./schema";

export interface ResourceName {
  readonly group: string;
  /** Plural, as in paths. */
  readonly resource: string;
}

export interface Resource extends ResourceName {
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Of the discovery document: the resource itself and its subresources. */
  readonly entries: readonly JsonMap[];
  readonly subresources: readonly string[];
  /** A PUT may leave the resourceVersion out. */
  readonly unconditionalUpdate: boolean;
}

const CONDITIONAL_UPDATE = ["Project", "Shoot"];

export const resources: readonly Resource[] = discovered.flatMap(([groupVersion, entries]) => {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return entries
    .filter((entry) => !text(entry.name).includes("/"))
    .map((entry): Resource => {
      const resource = text(entry.name);
      const own = entries.filter((one) => text(one.name).split("/")[0] === resource);
      const kind = text(entry.kind);
      return {
        group,
        version,
        resource,
        kind,
        namespaced: entry.namespaced === true,
        entries: own,
        subresources: own.flatMap((one) => text(one.name).split("/").slice(1)),
        unconditionalUpdate: !CONDITIONAL_UPDATE.includes(kind),
      };
    });
});

function named(kind: string): Resource {
  const found = resources.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`gardener.json describes no ${kind}`);
  return found;
}

export const shoots = named("Shoot");
export const cloudProfiles = named("CloudProfile");
export const namespacedCloudProfiles = named("NamespacedCloudProfile");
export const internalSecrets = named("InternalSecret");
export const namespaces = named("Namespace");
export const configMaps = named("ConfigMap");
export const nodes = named("Node");
export const accessReviews = named("SelfSubjectAccessReview");

export function apiVersion(resource: Pick<Resource, "group" | "version">): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}
