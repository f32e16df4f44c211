/** Paths of a Gardener API server. */
import type { ShootReference } from "../../model/declaration";
import type { ShootRef } from "../../model/shoot";

const CORE = "/apis/core.gardener.cloud/v1beta1";

/** In `metadata.managedFields` of the Shoots that we write. */
export { FIELD_MANAGER } from "../../model/shoot";

export const paths = {
  project: (name: string) => `${CORE}/projects/${encodeURIComponent(name)}`,
  projects: `${CORE}/projects`,
  namespace: (name: string) => `/api/v1/namespaces/${encodeURIComponent(name)}`,
  configMaps: (namespace: string) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`,
  configMap: (namespace: string, name: string) =>
    `${paths.configMaps(namespace)}/${encodeURIComponent(name)}`,
  allShoots: `${CORE}/shoots`,
  shoots: (namespace: string) => `${CORE}/namespaces/${encodeURIComponent(namespace)}/shoots`,
  shoot: ({ namespace, name }: ShootRef) => `${paths.shoots(namespace)}/${encodeURIComponent(name)}`,
  managedSeeds: (namespace: string) =>
    `/apis/seedmanagement.gardener.cloud/v1alpha1/namespaces/${encodeURIComponent(namespace)}/managedseeds`,
  cloudProfile: (name: string) => `${CORE}/cloudprofiles/${encodeURIComponent(name)}`,
  cloudProfiles: `${CORE}/cloudprofiles`,
  namespacedCloudProfile: (namespace: string, name: string) =>
    `${paths.namespacedCloudProfiles(namespace)}/${encodeURIComponent(name)}`,
  namespacedCloudProfiles: (namespace: string) =>
    `${CORE}/namespaces/${encodeURIComponent(namespace)}/namespacedcloudprofiles`,
} as const;

export function describeShoot(ref: ShootRef): string {
  return `Shoot ${ref.namespace}/${ref.name}`;
}

export function describeReference(reference: ShootReference): string {
  const { kind, name } = reference;
  if (kind === "name") return `Shoot ${name}`;
  return kind === "project"
    ? `Shoot ${name} of the project ${reference.project}`
    : `Shoot ${reference.namespace}/${name}`;
}
