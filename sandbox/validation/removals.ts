/** Fields that a Kubernetes minor forbids: a user has to drop them in the same change, maintenance removes them. */
import { at, child, isMap, type JsonMap, mapsAt, textAt } from "../json";
import { controlPlaneVersion } from "./context";
import type { FieldErrors } from "./field";
import { atLeast } from "./versions";

interface Removal {
  readonly from: string;
  /** In `spec`. */
  readonly path: readonly [string, ...string[]];
  /** Of the refusal. */
  readonly detail: string;
  /** Of `status.lastMaintenance`, after the path. */
  readonly maintained: string;
}

const unsupported = (from: string, field: string) =>
  `for Kubernetes versions >= ${from}, ${field} field is no longer supported`;
const removed = (reason: string) => `was removed. Reason: ${reason}`;
const setToNil = (successors: string) =>
  `is set to nil. Reason: The field was deprecated in favour of ${successors} and can no longer be enabled for Shoot clusters using Kubernetes version 1.33+`;

/** In the order in which Gardener refuses them. */
const REMOVALS: readonly Removal[] = [
  {
    from: "1.35",
    path: ["addons"],
    detail: unsupported("1.35", "addons"),
    maintained: removed("addons are not supported anymore for Kubernetes versions 1.35+"),
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"],
    detail: unsupported("1.35", "enableAnonymousAuthentication"),
    maintained: removed("The field is no longer supported for Shoot clusters using Kubernetes version 1.35+"),
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeAPIServer", "watchCacheSizes", "default"],
    detail:
      "for Kubernetes versions >= 1.35, configuring the default watch cache size is no longer supported",
    maintained: removed(
      "the default size configuration is deprecated and not respected by the kube-apiserver",
    ),
  },
  {
    from: "1.33",
    path: ["kubernetes", "kubeControllerManager", "podEvictionTimeout"],
    detail: unsupported("1.33", "podEvictionTimeout"),
    maintained: setToNil(
      "`spec.kubernetes.kubeAPIServer.defaultNotReadyTolerationSeconds` and `spec.kubernetes.kubeAPIServer.defaultUnreachableTolerationSeconds`",
    ),
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeScheduler", "kubeMaxPDVols"],
    detail: "for Kubernetes version >= 1.35, kubeMaxPDVols field is no longer supported",
    maintained: removed("kubeMaxPDVols is deprecated and not respected by the kube-scheduler"),
  },
  {
    from: "1.33",
    path: ["kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"],
    detail: `${unsupported("1.33", "maxEmptyBulkDelete")}, use maxScaleDownParallelism instead`,
    maintained: setToNil("`.spec.kubernetes.clusterAutoscaler.maxScaleDownParallelism`"),
  },
];

/** Maintenance reports them in another order. */
const MAINTAINED = [3, 5, 1, 4, 2, 0].flatMap((index) => REMOVALS[index] ?? []);

export function removedFields(errors: FieldErrors, shoot: JsonMap): void {
  const version = controlPlaneVersion(shoot);
  // Production must not depend on addons.
  const addons = ["nginxIngress", "kubernetesDashboard"].some(
    (addon) => at(shoot, "spec", "addons", addon, "enabled") === true,
  );
  if (!atLeast(version, "1.35") && addons && textAt(shoot, "spec", "purpose") !== "evaluation") {
    errors.forbidden("spec.addons", "addons can only be enabled on shoots with .spec.purpose=evaluation");
  }
  for (const { from, path, detail } of REMOVALS) {
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
  const messages = MAINTAINED.filter((one) => crossed(one.from) && remove(spec, one.path)).map(
    ({ path, maintained }) => `.spec.${path.join(".")} ${maintained}`,
  );
  if (!crossed("1.35")) return messages;
  const reason = "The field is no longer supported for Shoot clusters using Kubernetes version 1.35+";
  const providers = mapsAt(spec, "dns", "providers").flatMap((provider, index) =>
    remove(provider, ["secretName"]) ? [`.spec.dns.providers[${index}].secretName ${removed(reason)}`] : [],
  );
  return [...messages, ...providers];
}

function remove(parent: JsonMap, [key, ...rest]: readonly [string, ...string[]]): boolean {
  const [next, ...further] = rest;
  if (next !== undefined) return isMap(parent[key]) && remove(child(parent, key), [next, ...further]);
  if (parent[key] === undefined) return false;
  delete parent[key];
  return true;
}
