/** Defaults of a Shoot (`pkg/apis/core/v1beta1/defaults_shoot.go`), as far as they are seen from outside. */
import { at, child, type JsonMap, mapsAt, map, text, textAt, textsAt } from "../json";
import { isInPlace } from "../validation/context";

export function defaultShoot(shoot: JsonMap): void {
  const spec = child(shoot, "spec");
  spec.purpose ??= "evaluation";
  spec.schedulerName ??= "default-scheduler";
  const workers = mapsAt(spec, "provider", "workers");
  workers.forEach(defaultPool);
  defaultKubernetes(child(spec, "kubernetes"), workers);
  defaultMaintenance(child(spec, "maintenance"), workers.length > 0);
  const networking = child(spec, "networking");
  if (textsAt(networking, "ipFamilies").length === 0) networking.ipFamilies = ["IPv4"];
  if (workers.length === 0) return;
  if (at(spec, "addons", "nginxIngress") !== undefined) {
    child(child(spec, "addons"), "nginxIngress").externalTrafficPolicy ??= "Cluster";
  }
  const settings = child(child(spec, "provider"), "workersSettings");
  settings.sshAccess ??= { enabled: true };
  const autoscaling = child(child(child(spec, "systemComponents"), "coreDNS"), "autoscaling");
  if (text(autoscaling.mode) === "") autoscaling.mode = "horizontal";
}

function defaultPool(pool: JsonMap): void {
  pool.updateStrategy ??= "AutoRollingUpdate";
  if (pool.updateStrategy === "AutoInPlaceUpdate") {
    pool.maxSurge ??= 0;
    pool.maxUnavailable ??= 1;
  } else if (pool.updateStrategy !== "ManualInPlaceUpdate") {
    pool.maxSurge ??= 1;
    pool.maxUnavailable ??= 0;
  }
  if (isInPlace(pool)) {
    child(pool, "machineControllerManager").disableHealthTimeout ??= true;
  }
  pool.minimum ??= 0;
  pool.maximum ??= 0;
  pool.cri ??= { name: "containerd" };
  pool.systemComponents ??= { allow: true };
}

function defaultKubernetes(kubernetes: JsonMap, workers: readonly JsonMap[]): void {
  const server = child(kubernetes, "kubeAPIServer");
  const requests = child(server, "requests");
  requests.maxNonMutatingInflight ??= 400;
  requests.maxMutatingInflight ??= 200;
  server.eventTTL ??= "1h0m0s";
  child(server, "logging").verbosity ??= 2;
  child(child(server, "encryptionConfig"), "provider").type ??= "aescbc";
  if (workers.length === 0) return;
  server.defaultNotReadyTolerationSeconds ??= 300;
  server.defaultUnreachableTolerationSeconds ??= 300;
  const controllers = child(kubernetes, "kubeControllerManager");
  controllers.nodeCIDRMaskSize ??= nodeMaskSize(kubernetes, workers);
  controllers.nodeMonitorGracePeriod ??= "40s";
  child(kubernetes, "kubeScheduler").profile ??= "balanced";
  const proxy = child(kubernetes, "kubeProxy");
  proxy.mode ??= "IPTables";
  proxy.enabled ??= true;
  const kubelet = child(kubernetes, "kubelet");
  kubelet.failSwapOn ??= true;
  kubelet.imageMinimumGCAge ??= "2m0s";
  kubelet.imageMaximumGCAge ??= "0s";
  kubelet.imageGCHighThresholdPercent ??= 50;
  kubelet.imageGCLowThresholdPercent ??= 40;
  kubelet.serializeImagePulls ??= true;
  // The ShootResourceReservation admission plugin.
  const reserved = child(kubelet, "kubeReserved");
  reserved.cpu ??= "80m";
  reserved.memory ??= "1Gi";
  reserved.pid ??= "20k";
}

/** The ShootVPAEnabledByDefault admission plugin, and the defaults that come with it. */
export function enableVerticalPodAutoscaler(shoot: JsonMap): void {
  if (mapsAt(shoot, "spec", "provider", "workers").length === 0) return;
  child(child(shoot, "spec"), "kubernetes").verticalPodAutoscaler ??= {
    enabled: true,
    ...VERTICAL_POD_AUTOSCALER,
  };
}

const VERTICAL_POD_AUTOSCALER: JsonMap = {
  evictAfterOOMThreshold: "10m0s",
  evictionRateBurst: 1,
  evictionRateLimit: -1,
  evictionTolerance: 0.5,
  recommendationMarginFraction: 0.15,
  updaterInterval: "1m0s",
  recommenderInterval: "1m0s",
  targetCPUPercentile: 0.9,
  recommendationLowerBoundCPUPercentile: 0.5,
  recommendationUpperBoundCPUPercentile: 0.95,
  targetMemoryPercentile: 0.9,
  recommendationLowerBoundMemoryPercentile: 0.5,
  recommendationUpperBoundMemoryPercentile: 0.95,
  cpuHistogramDecayHalfLife: "24h0m0s",
  memoryHistogramDecayHalfLife: "24h0m0s",
  memoryAggregationInterval: "24h0m0s",
  memoryAggregationIntervalCount: 8,
  recommenderUpdateWorkerCount: 10,
};

/** Twice as many addresses as Pods. */
function nodeMaskSize(kubernetes: JsonMap, workers: readonly JsonMap[]): number {
  const pods = [kubernetes, ...workers.map((worker) => map(worker.kubernetes))].map((one) => {
    const maxPods = at(one, "kubelet", "maxPods");
    return typeof maxPods === "number" ? maxPods : 0;
  });
  const maxPods = Math.max(...pods) || 110;
  return 32 - Math.ceil(Math.log2(maxPods * 2));
}

function defaultMaintenance(maintenance: JsonMap, withWorkers: boolean): void {
  maintenance.autoUpdate ??= { kubernetesVersion: true };
  const autoUpdate = child(maintenance, "autoUpdate");
  autoUpdate.kubernetesVersion ??= false;
  if (withWorkers) autoUpdate.machineImageVersion ??= true;
  maintenance.timeWindow ??= randomWindow();
}

/** A full hour of the day, in UTC. */
function randomWindow(): JsonMap {
  const hour = Math.floor(Math.random() * 24);
  const two = (value: number) => String(value % 24).padStart(2, "0");
  return { begin: `${two(hour)}0000+0000`, end: `${two(hour + 1)}0000+0000` };
}

/** Fields of the status that Gardener's type always writes. */
export function emptyStatus(): JsonMap {
  return { gardener: { id: "", name: "", version: "" }, hibernated: false, technicalID: "", uid: "" };
}

export function cloudProfileNameOf(
  shoot: JsonMap,
): { readonly kind: string; readonly name: string } | undefined {
  const name = textAt(shoot, "spec", "cloudProfile", "name");
  if (name !== "") return { kind: textAt(shoot, "spec", "cloudProfile", "kind") || "CloudProfile", name };
  const legacy = textAt(shoot, "spec", "cloudProfileName");
  return legacy === "" ? undefined : { kind: "CloudProfile", name: legacy };
}
