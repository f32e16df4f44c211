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
}

/** A field that a minor does not have any more. */
interface RemovedField {
  /** Below `spec`; `*` is each entry of a list. */
  readonly path: readonly string[];
  readonly removedIn: string;
  /** What to do before the upgrade; absent: remove it. */
  readonly instead?: string;
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

/** What to do about a limited field, as the end of a sentence. */
export function insteadOf(path: string): string {
  const plain = path.replace(/^spec\./, "").replaceAll(/\[\d+\]/g, "");
  const field = removedFields.find((one) => one.path.filter((key) => key !== "*").join(".") === plain);
  return field?.instead ?? "remove it";
}

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

/** Feature gates by the first minor in which they are locked, with the value that they are locked to. */
export const lockedFeatureGates: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  "1.32": {
    AllowServiceLBStatusOnNonLB: false,
    CronJobsScheduledAnnotation: true,
    CustomResourceFieldSelectors: true,
    LoadBalancerIPMode: true,
    MemoryManager: true,
    PodIndexLabel: true,
    RetryGenerateName: true,
    ServiceAccountTokenJTI: true,
    ServiceAccountTokenNodeBindingValidation: true,
    ServiceAccountTokenPodNodeInfo: true,
    SizeMemoryBackedVolumes: true,
    StatefulSetAutoDeletePVC: true,
    StrictCostEnforcementForVAP: true,
    StrictCostEnforcementForWebhooks: true,
    StructuredAuthorizationConfiguration: true,
    TopologyManagerPolicyOptions: true,
  },
  "1.33": {
    AnyVolumeDataSource: true,
    BtreeWatchCache: true,
    CPUManagerPolicyOptions: true,
    CRDValidationRatcheting: true,
    CSIMigrationPortworx: true,
    HonorPVReclaimPolicy: true,
    JobBackoffLimitPerIndex: true,
    JobSuccessPolicy: true,
    MatchLabelKeysInPodAffinity: true,
    NFTablesProxyMode: true,
    NodeInclusionPolicyInPodTopologySpread: true,
    RecursiveReadOnlyMounts: true,
    ServiceAccountTokenNodeBinding: true,
    ServiceTrafficDistribution: true,
    SidecarContainers: true,
    TopologyAwareHints: true,
    WatchFromStorageWithoutResourceVersion: false,
  },
  "1.34": {
    APIServerTracing: true,
    AnonymousAuthConfigurableEndpoints: true,
    AuthorizeNodeWithSelectors: true,
    AuthorizeWithSelectors: true,
    ConsistentListFromCache: true,
    JobPodReplacementPolicy: true,
    KubeletCgroupDriverFromCRI: true,
    KubeletTracing: true,
    MultiCIDRServiceAllocator: true,
    NodeSwap: true,
    OrderedNamespaceDeletion: true,
    PodLifecycleSleepAction: true,
    PodLifecycleSleepActionAllowZero: true,
    ProbeHostPodSecurityStandards: true,
    RecoverVolumeExpansionFailure: true,
    RelaxedDNSSearchValidation: true,
    RelaxedEnvironmentVariableValidation: true,
    ResilientWatchCacheInitialization: true,
    SchedulerQueueingHints: true,
    SeparateTaintEvictionController: true,
    StreamingCollectionEncodingToJSON: true,
    StreamingCollectionEncodingToProtobuf: true,
    StructuredAuthenticationConfiguration: true,
    WinDSR: true,
    WinOverlay: true,
  },
  "1.35": {
    AggregatedDiscoveryRemoveBetaType: true,
    AllowOverwriteTerminationGracePeriodSeconds: false,
    DisableAllocatorDualWrite: true,
    DynamicResourceAllocation: true,
    ExecProbeTimeout: true,
    ImageMaximumGCAge: true,
    InPlacePodVerticalScaling: true,
    JobManagedBy: true,
    PodObservedGenerationTracking: true,
    PreferSameTrafficDistribution: true,
    SupplementalGroupsPolicy: true,
    SystemdWatchdog: true,
  },
  "1.36": {
    CSIServiceAccountTokenSecrets: true,
    DRAAdminAccess: true,
    DeclarativeValidation: true,
    DisableNodeKubeProxyVersion: true,
    ExternalServiceAccountTokenSigner: true,
    GitRepoVolumeDriver: false,
    ImageVolume: true,
    KubeletFineGrainedAuthz: true,
    KubeletPSI: true,
    KubeletPodResourcesDynamicResources: true,
    KubeletPodResourcesGet: true,
    MutableCSINodeAllocatableCount: true,
    NodeLogQuery: true,
    ProcMountType: true,
    SELinuxChangePolicy: true,
    SeparateCacheWatchRPC: false,
    UserNamespacesSupport: true,
    VolumeAttributesClass: true,
  },
};
