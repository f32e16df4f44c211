/** The kinds that the sandbox serves. */

export interface ResourceName {
  readonly group: string;
  /** Plural, as in paths. */
  readonly resource: string;
}

export interface Resource extends ResourceName {
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** Whether `/status` is a door of its own. */
  readonly status: boolean;
  /** Other subresources that take a POST, with the kind they speak. */
  readonly actions: Readonly<
    Record<string, { readonly group: string; readonly version: string; readonly kind: string }>
  >;
  /** A PUT may leave the resourceVersion out. */
  readonly unconditionalUpdate: boolean;
  /** Changes of the specification are counted in `metadata.generation`. */
  readonly generation: boolean;
}

interface Options {
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly status?: boolean;
  readonly actions?: Resource["actions"];
  readonly unconditionalUpdate?: boolean;
  readonly generation?: boolean;
}

function define(group: string, version: string, kind: string, options: Options = {}): Resource {
  const singular = kind.toLowerCase();
  return {
    group,
    version,
    kind,
    singular,
    resource: `${singular}s`,
    namespaced: options.namespaced ?? true,
    shortNames: options.shortNames ?? [],
    status: options.status ?? false,
    actions: options.actions ?? {},
    unconditionalUpdate: options.unconditionalUpdate ?? true,
    generation: options.generation ?? false,
  };
}

const GARDENER = "core.gardener.cloud";
const RBAC = "rbac.authorization.k8s.io";
const kubeconfigRequest = (kind: string) => ({
  group: "authentication.gardener.cloud",
  version: "v1alpha1",
  kind,
});

export const shoots = define(GARDENER, "v1beta1", "Shoot", {
  status: true,
  unconditionalUpdate: false,
  generation: true,
  actions: {
    adminkubeconfig: kubeconfigRequest("AdminKubeconfigRequest"),
    viewerkubeconfig: kubeconfigRequest("ViewerKubeconfigRequest"),
  },
});
export const cloudProfiles = define(GARDENER, "v1beta1", "CloudProfile", {
  namespaced: false,
  shortNames: ["cprofile", "cpfl"],
  status: true,
});
export const namespacedCloudProfiles = define(GARDENER, "v1beta1", "NamespacedCloudProfile", {
  shortNames: ["ncpfl"],
  status: true,
  generation: true,
});
export const projects = define(GARDENER, "v1beta1", "Project", {
  namespaced: false,
  status: true,
  unconditionalUpdate: false,
  generation: true,
});
export const internalSecrets = define(GARDENER, "v1beta1", "InternalSecret");
export const namespaces = define("", "v1", "Namespace", {
  namespaced: false,
  shortNames: ["ns"],
  status: true,
});
export const configMaps = define("", "v1", "ConfigMap", { shortNames: ["cm"] });
export const secrets = define("", "v1", "Secret");
export const accessReviews = define("authorization.k8s.io", "v1", "SelfSubjectAccessReview", {
  namespaced: false,
});
export const clusterRoles = define(RBAC, "v1", "ClusterRole", { namespaced: false });
export const clusterRoleBindings = define(RBAC, "v1", "ClusterRoleBinding", { namespaced: false });
export const roles = define(RBAC, "v1", "Role");
export const roleBindings = define(RBAC, "v1", "RoleBinding");

/** Kept and given back, without rules of their own: what a garden has to hold before it takes a Shoot. */
const others: readonly Resource[] = [
  define(GARDENER, "v1beta1", "ControllerRegistration", { namespaced: false, shortNames: ["ctrlreg"] }),
  define(GARDENER, "v1beta1", "Seed", { namespaced: false, status: true, generation: true }),
  define(GARDENER, "v1beta1", "SecretBinding", { shortNames: ["sb"] }),
  define("security.gardener.cloud", "v1alpha1", "CredentialsBinding", { shortNames: ["cb"] }),
  define("", "v1", "Event", { shortNames: ["ev"] }),
  define("", "v1", "ServiceAccount", { shortNames: ["sa"] }),
];

export const resources: readonly Resource[] = [
  namespaces,
  configMaps,
  secrets,
  projects,
  cloudProfiles,
  namespacedCloudProfiles,
  shoots,
  internalSecrets,
  clusterRoles,
  clusterRoleBindings,
  roles,
  roleBindings,
  ...others,
];

export function findResource(group: string, version: string, resource: string): Resource | undefined {
  return resources.find((one) => one.group === group && one.version === version && one.resource === resource);
}

export function apiVersion(resource: Pick<Resource, "group" | "version">): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}
