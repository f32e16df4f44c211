/** Fields that a Kubernetes minor forbids: a user has to drop them in the same change, maintenance removes them. */
import { at, child, isMap, type JsonMap, mapsAt, textAt } from "../json";
import { controlPlaneVersion } from "./context";
import type { FieldErrors } from "./field";
import { atLeast } from "./versions";

/** In `spec`. */
type Path = readonly [string, ...string[]];

const NOT_SUPPORTED = "The field is no longer supported for Shoot clusters using Kubernetes version 1.35+";
const unsupported = (from: string, field: string, versions = "versions") =>
  `for Kubernetes ${versions} >= ${from}, ${field} field is no longer supported`;
const removed = (reason: string) => `was removed. Reason: ${reason}`;
const setToNil = (successors: string) =>
  `is set to nil. Reason: The field was deprecated in favour of ${successors} and can no longer be enabled for Shoot clusters using Kubernetes version 1.33+`;

/** The minor, the path, the refusal, and the report of maintenance, in the order in which Gardener refuses them. */
const REMOVALS: readonly (readonly [from: string, path: Path, detail: string, report: string])[] = [
  [
    "1.35",
    ["addons"],
    unsupported("1.35", "addons"),
    removed("addons are not supported anymore for Kubernetes versions 1.35+"),
  ],
  [
    "1.35",
    ["kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"],
    unsupported("1.35", "enableAnonymousAuthentication"),
    removed(NOT_SUPPORTED),
  ],
  [
    "1.35",
    ["kubernetes", "kubeAPIServer", "watchCacheSizes", "default"],
    "for Kubernetes versions >= 1.35, configuring the default watch cache size is no longer supported",
    removed("the default size configuration is deprecated and not respected by the kube-apiserver"),
  ],
  [
    "1.33",
    ["kubernetes", "kubeControllerManager", "podEvictionTimeout"],
    unsupported("1.33", "podEvictionTimeout"),
    setToNil(
      "`spec.kubernetes.kubeAPIServer.defaultNotReadyTolerationSeconds` and `spec.kubernetes.kubeAPIServer.defaultUnreachableTolerationSeconds`",
    ),
  ],
  [
    "1.35",
    ["kubernetes", "kubeScheduler", "kubeMaxPDVols"],
    unsupported("1.35", "kubeMaxPDVols", "version"),
    removed("kubeMaxPDVols is deprecated and not respected by the kube-scheduler"),
  ],
  [
    "1.33",
    ["kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"],
    `${unsupported("1.33", "maxEmptyBulkDelete")}, use maxScaleDownParallelism instead`,
    setToNil("`.spec.kubernetes.clusterAutoscaler.maxScaleDownParallelism`"),
  ],
];

/** Maintenance reports them in another order. */
const MAINTAINED = [3, 5, 1, 4, 2, 0].flatMap((index) => {
  const removal = REMOVALS[index];
  return removal === undefined ? [] : [removal];
});

export function removedFields(errors: FieldErrors, shoot: JsonMap): void {
  const version = controlPlaneVersion(shoot);
  for (const [from, path, detail] of REMOVALS) {
    if (atLeast(version, from) && at(shoot, "spec", ...path) !== undefined) {
      errors.forbidden(`spec.${path.join(".")}`, detail);
    }
  }
  if (!atLeast(version, "1.35")) return;
  mapsAt(shoot, "spec", "dns", "providers").forEach((provider, index) => {
    if (textAt(provider, "secretName") === "") return;
    errors.forbidden(`spec.dns.providers[${index}].secretName`, unsupported("1.35", "secretName"));
  });
}

/** Changes the specification, and returns Gardener's messages about what was removed. */
export function removeForbidden(spec: JsonMap, from: string, to: string): readonly string[] {
  const crossed = (version: string): boolean => !atLeast(from, version) && atLeast(to, version);
  const messages = MAINTAINED.filter(([version, path]) => crossed(version) && remove(spec, path)).map(
    ([, path, , report]) => `.spec.${path.join(".")} ${report}`,
  );
  if (!crossed("1.35")) return messages;
  const providers = mapsAt(spec, "dns", "providers").flatMap((provider, index) =>
    remove(provider, ["secretName"])
      ? [`.spec.dns.providers[${index}].secretName ${removed(NOT_SUPPORTED)}`]
      : [],
  );
  return [...messages, ...providers];
}

function remove(parent: JsonMap, [key, ...rest]: Path): boolean {
  const [next, ...further] = rest;
  if (next !== undefined) return isMap(parent[key]) && remove(child(parent, key), [next, ...further]);
  if (parent[key] === undefined) return false;
  delete parent[key];
  return true;
}
