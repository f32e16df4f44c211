/** Changes of Kubernetes versions, and how Gardener refuses them. */
import type { Answer } from "./api";
import { KUBERNETES_VERSIONS } from "./profile";
import type { ContractWorld } from "./world";

export const VERSION = "spec.kubernetes.version";
export const POOL_VERSION = "spec.provider.workers[0].kubernetes.version";
export const DOWNGRADE = "kubernetes version downgrade is not supported";
export const SKIP = "kubernetes version upgrade cannot skip a minor version";

const supported = (versions: readonly { readonly version: string; readonly classification: string }[]) =>
  versions
    .map(({ version, classification }) =>
      JSON.stringify(classification === "preview" ? `${version} (preview)` : version),
    )
    .join(", ");
export const ALL = supported(KUBERNETES_VERSIONS);
export const ACTIVE = supported(
  KUBERNETES_VERSIONS.filter(
    ({ expirationDate }) => expirationDate === undefined || new Date(expirationDate) > new Date(),
  ),
);

export interface VersionChanges {
  setVersion(path: string, version: string | null): Promise<Answer>;
  /** Of the pool `a`, and of the control plane where one is given; null removes the pool's version. */
  setPool(path: string, version: string | null, controlPlane?: string): Promise<Answer>;
}

/** As dry runs. */
export function versionChanges(world: () => ContractWorld): VersionChanges {
  return {
    setVersion: (path, version) =>
      world().admin.patch(`${path}?dryRun=All`, "strategic", { spec: { kubernetes: { version } } }),
    setPool: (path, version, controlPlane) =>
      world().admin.patch(`${path}?dryRun=All`, "strategic", {
        spec: {
          ...(controlPlane === undefined ? {} : { kubernetes: { version: controlPlane } }),
          provider: { workers: [{ name: "a", kubernetes: version === null ? null : { version } }] },
        },
      }),
  };
}
