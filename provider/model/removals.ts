/**
 * Parts of a Shoot's spec that a Kubernetes minor does not have or does not accept any more. A maintenance that forces that minor removes
 * them (Gardener pkg/controllermanager/controller/shoot/maintenance/reconciler.go, v1.150).
 */

/** Such a part of one Shoot. */
export interface LimitedField {
  /** As in the Shoot, pools by name: `spec.provider.workers[pool-a].kubernetes.kubelet.featureGates.AppArmor`. */
  readonly path: string;
  /** The first minor without it, such as "1.35"; absent: not known yet. */
  readonly removedIn?: string;
  /** The first minor in which the API server refuses its value: a feature gate that is locked to the other one. */
  readonly refusedIn?: string;
  /** The worker pool whose Kubernetes version decides; absent: the control plane's. */
  readonly pool?: string;
  /** As in the Shoot; absent: not a single value. */
  readonly value?: string;
  /** What to do before the upgrade, as the end of a sentence; absent: remove it. */
  readonly instead?: string;
  /** The first release of Gardener that refuses it; absent: each that offers the minor. */
  readonly since?: string;
}

/** A field that a minor does not have any more. */
interface RemovedField {
  /** Below `spec`; `*` is each entry of a list. */
  readonly path: readonly string[];
  readonly removedIn: string;
  /** What to do before the upgrade; absent: remove it. */
  readonly instead?: string;
  /** The first release of Gardener that refuses it; absent: each that offers the minor. */
  readonly since?: string;
}

/** docs/usage/shoot/shoot_kubernetes_versions.md lists them for each minor. */
export const removedFields: readonly RemovedField[] = [
  {
    path: ["kubernetes", "kubeControllerManager", "podEvictionTimeout"],
    removedIn: "1.33",
    instead:
      "remove it, and set kubeAPIServer.defaultNotReadyTolerationSeconds and defaultUnreachableTolerationSeconds",
  },
  {
    path: ["kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"],
    removedIn: "1.33",
    instead: "set maxScaleDownParallelism in its place",
  },
  {
    path: ["secretBindingName"],
    removedIn: "1.34",
    instead: "migrate to spec.credentialsBindingName",
  },
  { path: ["addons"], removedIn: "1.35", instead: "remove it, and install the addons yourself" },
  {
    path: ["dns", "providers", "*", "secretName"],
    removedIn: "1.35",
    instead: "set credentialsRef in its place",
    since: "1.139.0",
  },
  {
    path: ["kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"],
    removedIn: "1.35",
    instead: "remove it, and configure anonymous authentication in an AuthenticationConfiguration",
  },
  {
    path: ["kubernetes", "kubeAPIServer", "watchCacheSizes", "default"],
    removedIn: "1.35",
  },
  { path: ["kubernetes", "kubeScheduler", "kubeMaxPDVols"], removedIn: "1.35" },
];

/**
 * API versions by the first minor in which `runtimeConfig` of the API server may not name them (pkg/utils/validation/apigroups, v1.150).
 * Maintenance does not remove them.
 */
export const removedApiVersions: Readonly<Record<string, readonly string[]>> = {
  "1.31": [
    "networking.k8s.io/v1beta1/ipaddresses",
    "networking.k8s.io/v1beta1/servicecidrs",
    "resource.k8s.io/v1alpha2",
    "resource.k8s.io/v1alpha2/podschedulingcontexts",
    "resource.k8s.io/v1alpha2/resourceclaimparameters",
    "resource.k8s.io/v1alpha2/resourceclaims",
    "resource.k8s.io/v1alpha2/resourceclaimtemplates",
    "resource.k8s.io/v1alpha2/resourceclasses",
    "resource.k8s.io/v1alpha2/resourceclassparameters",
    "resource.k8s.io/v1alpha2/resourceslices",
  ],
  "1.32": [
    "coordination.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha1/leasecandidates",
    "resource.k8s.io/v1alpha3/podschedulingcontexts",
  ],
  "1.34": [
    "networking.k8s.io/v1alpha1",
    "networking.k8s.io/v1alpha1/ipaddresses",
    "networking.k8s.io/v1alpha1/servicecidrs",
    "resource.k8s.io/v1alpha3/deviceclasses",
    "resource.k8s.io/v1alpha3/resourceclaims",
    "resource.k8s.io/v1alpha3/resourceclaimtemplates",
    "resource.k8s.io/v1alpha3/resourceslices",
  ],
  "1.35": [
    "certificates.k8s.io/v1alpha1/podcertificaterequests",
    "storagemigration.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1alpha1/storageversionmigrations",
  ],
  "1.36": [
    "autoscaling/v2beta1",
    "autoscaling/v2beta1/horizontalpodautoscalers",
    "autoscaling/v2beta2",
    "autoscaling/v2beta2/horizontalpodautoscalers",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1alpha1/priorityclasses",
    "scheduling.k8s.io/v1alpha1/workloads",
  ],
};
