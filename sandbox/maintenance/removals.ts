/** Fields that a new minor forbids: maintenance takes them out when it forces a Shoot there. */
import { child, isMap, type JsonMap, mapsAt } from "../json";
import { atLeast } from "../validation/versions";

interface Removal {
  readonly from: string;
  readonly path: readonly [string, ...string[]];
  /** As `status.lastMaintenance` says it. */
  readonly said: string;
}

/** In the order and the words of Gardener's maintenance reconciler. */
const REMOVALS: readonly Removal[] = [
  {
    from: "1.33",
    path: ["kubernetes", "kubeControllerManager", "podEvictionTimeout"],
    said: ".spec.kubernetes.kubeControllerManager.podEvictionTimeout is set to nil. Reason: The field was deprecated in favour of `spec.kubernetes.kubeAPIServer.defaultNotReadyTolerationSeconds` and `spec.kubernetes.kubeAPIServer.defaultUnreachableTolerationSeconds` and can no longer be enabled for Shoot clusters using Kubernetes version 1.33+",
  },
  {
    from: "1.33",
    path: ["kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"],
    said: ".spec.kubernetes.clusterAutoscaler.maxEmptyBulkDelete is set to nil. Reason: The field was deprecated in favour of `.spec.kubernetes.clusterAutoscaler.maxScaleDownParallelism` and can no longer be enabled for Shoot clusters using Kubernetes version 1.33+",
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"],
    said: ".spec.kubernetes.kubeAPIServer.enableAnonymousAuthentication was removed. Reason: The field is no longer supported for Shoot clusters using Kubernetes version 1.35+",
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeScheduler", "kubeMaxPDVols"],
    said: ".spec.kubernetes.kubeScheduler.kubeMaxPDVols was removed. Reason: kubeMaxPDVols is deprecated and not respected by the kube-scheduler",
  },
  {
    from: "1.35",
    path: ["kubernetes", "kubeAPIServer", "watchCacheSizes", "default"],
    said: ".spec.kubernetes.kubeAPIServer.watchCacheSizes.default was removed. Reason: the default size configuration is deprecated and not respected by the kube-apiserver",
  },
  {
    from: "1.35",
    path: ["addons"],
    said: ".spec.addons was removed. Reason: addons are not supported anymore for Kubernetes versions 1.35+",
  },
];

/** Changes the specification; says what it took out. */
export function removeForbidden(spec: JsonMap, from: string, to: string): readonly string[] {
  const crossed = (version: string): boolean => !atLeast(from, version) && atLeast(to, version);
  const said = REMOVALS.filter((removal) => crossed(removal.from) && remove(spec, removal.path)).map(
    (removal) => removal.said,
  );
  if (!crossed("1.35")) return said;
  const providers = mapsAt(spec, "dns", "providers").map((provider, index) =>
    remove(provider, ["secretName"])
      ? [
          `.spec.dns.providers[${String(index)}].secretName was removed. Reason: The field is no longer supported for Shoot clusters using Kubernetes version 1.35+`,
        ]
      : [],
  );
  return [...said, ...providers.flat()];
}

function remove(parent: JsonMap, [key, ...rest]: readonly [string, ...string[]]): boolean {
  const [next, ...further] = rest;
  if (next !== undefined) return isMap(parent[key]) && remove(child(parent, key), [next, ...further]);
  if (parent[key] === undefined) return false;
  delete parent[key];
  return true;
}
