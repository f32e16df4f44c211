/**
 * Parts of a Shoot's spec that a Kubernetes minor does not have any more. A maintenance that forces that minor removes
 * them (Gardener pkg/controllermanager/controller/shoot/maintenance/reconciler.go, v1.150).
 */

/** A part that a Shoot has. */
export interface RemovableField {
  /** As in the Shoot, pools by name: `spec.provider.workers[pool-a].kubernetes.kubelet.featureGates.AppArmor`. */
  readonly path: string;
  /** The first minor without it, such as "1.35". */
  readonly minor: string;
  /** The worker pool whose Kubernetes version decides; absent: the control plane's. */
  readonly pool?: string;
}

/** Paths below `spec`; `*` is each entry of a list. */
export const removedFields: readonly { readonly path: readonly string[]; readonly minor: string }[] = [
  { path: ["kubernetes", "kubeControllerManager", "podEvictionTimeout"], minor: "1.33" },
  { path: ["kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"], minor: "1.33" },
  // Replaced by credentialsBindingName.
  { path: ["secretBindingName"], minor: "1.34" },
  { path: ["addons"], minor: "1.35" },
  { path: ["dns", "providers", "*", "secretName"], minor: "1.35" },
  { path: ["kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"], minor: "1.35" },
  { path: ["kubernetes", "kubeAPIServer", "watchCacheSizes", "default"], minor: "1.35" },
  { path: ["kubernetes", "kubeScheduler", "kubeMaxPDVols"], minor: "1.35" },
];

/** Components below `spec.kubernetes` with feature gates. */
export const featureGateComponents = [
  "kubeAPIServer",
  "kubeControllerManager",
  "kubeScheduler",
  "kubeProxy",
  "kubelet",
] as const;

/** Feature gates by the first minor without them (pkg/utils/validation/features/featuregates.go, v1.150). */
export const removedFeatureGates: Readonly<Record<string, readonly string[]>> = {
  "1.32": [
    "CloudDualStackNodeIPs",
    "DRAControlPlaneController",
    "HPAContainerMetrics",
    "KMSv2",
    "KMSv2KDF",
    "LegacyServiceAccountTokenCleanUp",
    "MinDomainsInPodTopologySpread",
    "NewVolumeManagerReconstruction",
    "NodeOutOfServiceVolumeDetach",
    "PodHostIPs",
    "ServerSideApply",
    "ServerSideFieldValidation",
    "StableLoadBalancerNodeSet",
    "ValidatingAdmissionPolicy",
    "ZeroLimitedNominalConcurrencyShares",
  ],
  "1.33": [
    "APIListChunking",
    "AdmissionWebhookMatchConditions",
    "AggregatedDiscoveryEndpoint",
    "AppArmor",
    "AppArmorFields",
    "CPUManager",
    "DisableCloudProviders",
    "DisableKubeletCloudCredentialProviders",
    "EfficientWatchResumption",
    "JobPodFailurePolicy",
    "KubeProxyDrainingTerminatingNodes",
    "PDBUnhealthyPodEvictionPolicy",
    "PersistentVolumeLastPhaseTransitionTime",
    "RemainingItemCount",
    "VolumeCapacityPriority",
    "WatchBookmark",
  ],
  "1.34": [
    "DevicePluginCDIDevices",
    "ElasticIndexedJob",
    "LegacySidecarContainers",
    "PodDisruptionConditions",
    "StatefulSetStartOrdinal",
  ],
  "1.35": [
    "AllowServiceLBStatusOnNonLB",
    "ComponentSLIs",
    "CronJobsScheduledAnnotation",
    "LoadBalancerIPMode",
    "PodIndexLabel",
    "ProbeHostPodSecurityStandards",
    "SizeMemoryBackedVolumes",
    "StatefulSetAutoDeletePVC",
    "StrictCostEnforcementForVAP",
    "StrictCostEnforcementForWebhooks",
    "UserNamespacesPodSecurityStandards",
  ],
  "1.36": [
    "CSIMigrationPortworx",
    "HonorPVReclaimPolicy",
    "InPlacePodVerticalScalingAllocatedStatus",
    "InTreePluginPortworxUnregister",
    "MemoryManager",
    "ServiceTrafficDistribution",
    "StructuredAuthorizationConfiguration",
    "TopologyAwareHints",
    "WatchFromStorageWithoutResourceVersion",
  ],
};
