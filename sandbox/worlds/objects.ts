/** Builders for what a garden holds; the objects are as the API server would have stored them. */
import { type Json, type JsonMap, timestamp } from "../json";
import { defaultCloudProfile, classificationStatus } from "../strategy/cloudprofile";
import { defaultShoot } from "../strategy/defaults";

export const DAY = 24 * 60 * 60 * 1000;

export function after(now: Date, days: number): string {
  return timestamp(new Date(now.getTime() + days * DAY));
}

/** The namespace of a project, as Gardener names it. */
export const projectNamespace = (project: string) => `garden-${project}`;

/** A project with its namespace. */
export function project(name: string): JsonMap[] {
  const owner: JsonMap = { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "admin" };
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: projectNamespace(name),
        labels: { "gardener.cloud/role": "project", "project.gardener.cloud/name": name },
      },
      status: { phase: "Active" },
    },
    {
      apiVersion: "core.gardener.cloud/v1beta1",
      kind: "Project",
      metadata: { name, generation: 1 },
      spec: { namespace: projectNamespace(name), owner, createdBy: owner },
      status: { phase: "Ready", observedGeneration: 1 },
    },
  ];
}

export interface ProfileSpec {
  readonly name: string;
  readonly kubernetesVersions: readonly JsonMap[];
  readonly machineImages: readonly JsonMap[];
}

export function cloudProfile(spec: ProfileSpec, now: Date): JsonMap {
  const content: JsonMap = {
    type: "local",
    kubernetes: { versions: spec.kubernetesVersions.map((entry) => ({ ...entry })) },
    machineImages: spec.machineImages.map((image) => ({ ...image })),
    machineTypes: [
      { name: "m.large", cpu: "2", gpu: "0", memory: "8Gi", architecture: "amd64" },
      { name: "m.xlarge", cpu: "4", gpu: "0", memory: "16Gi", architecture: "amd64" },
      { name: "a.large", cpu: "2", gpu: "0", memory: "8Gi", architecture: "arm64" },
    ],
    regions: [{ name: "sandbox", zones: [{ name: "a" }, { name: "b" }, { name: "c" }] }],
  };
  defaultCloudProfile(content);
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "CloudProfile",
    metadata: { name: spec.name },
    spec: content,
    status: classificationStatus(content, now),
  };
}

export interface PoolSpec {
  readonly name: string;
  /** 3 by default. */
  readonly nodes?: number;
  readonly image?: { readonly name: string; readonly version: string };
  /** Absent: as the control plane. */
  readonly kubernetesVersion?: string;
  readonly machineType?: string;
  readonly architecture?: string;
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
}

export interface ShootSpec {
  readonly project: string;
  readonly name: string;
  readonly cloudProfile: string;
  readonly kubernetesVersion: string;
  readonly pools: readonly PoolSpec[];
  readonly purpose?: string;
  readonly autoUpdate?: boolean;
  readonly confined?: boolean;
  readonly hibernated?: boolean;
  /** `HHMMSS±ZZZZ`; 22 to 23 o'clock UTC by default. */
  readonly window?: { readonly begin: string; readonly end: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const DEFAULT_IMAGE = { name: "gardenlinux", version: "1592.10.0" };

/** A Shoot that has been reconciled and is healthy. */
export function shoot(spec: ShootSpec, now: Date): JsonMap {
  const autoUpdate = spec.autoUpdate ?? true;
  const window = spec.window ?? { begin: "220000+0000", end: "230000+0000" };
  const object: JsonMap = {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: {
      name: spec.name,
      namespace: projectNamespace(spec.project),
      generation: 1,
      creationTimestamp: after(now, -30),
      finalizers: ["gardener"],
      labels: { "shoot.gardener.cloud/status": "healthy" },
      annotations: { "gardener.cloud/created-by": "admin", ...spec.annotations },
    },
    spec: {
      cloudProfile: { kind: "CloudProfile", name: spec.cloudProfile },
      credentialsBindingName: "credentials",
      purpose: spec.purpose ?? "evaluation",
      region: "sandbox",
      seedName: "sandbox",
      kubernetes: { version: spec.kubernetesVersion },
      networking: { type: "calico", nodes: "10.250.0.0/16" },
      provider: { type: "local", workers: spec.pools.map(pool) },
      maintenance: {
        autoUpdate: { kubernetesVersion: autoUpdate, machineImageVersion: autoUpdate },
        timeWindow: { ...window },
        ...(spec.confined === true ? { confineSpecUpdateRollout: true } : {}),
      },
      ...(spec.hibernated === true ? { hibernation: { enabled: true } } : {}),
    },
    status: healthyStatus(spec, now),
  };
  defaultShoot(object);
  return object;
}

function pool(spec: PoolSpec): Json {
  const nodes = spec.nodes ?? 3;
  return {
    name: spec.name,
    machine: {
      type: spec.machineType ?? "m.large",
      image: { ...(spec.image ?? DEFAULT_IMAGE) },
      architecture: spec.architecture ?? "amd64",
    },
    minimum: nodes,
    maximum: nodes,
    ...(spec.maxSurge === undefined ? {} : { maxSurge: spec.maxSurge }),
    ...(spec.maxUnavailable === undefined ? {} : { maxUnavailable: spec.maxUnavailable }),
    ...(spec.kubernetesVersion === undefined ? {} : { kubernetes: { version: spec.kubernetesVersion } }),
    zones: ["a"],
  };
}

const CONDITIONS = [
  "APIServerAvailable",
  "ControlPlaneHealthy",
  "ObservabilityComponentsHealthy",
  "EveryNodeReady",
  "SystemComponentsHealthy",
];

function healthyStatus(spec: ShootSpec, now: Date): JsonMap {
  const time = timestamp(now);
  const holds = (type: string): Json => ({
    type,
    status: "True",
    reason: `${type}Success`,
    message: "All is well.",
    lastTransitionTime: after(now, -30),
    lastUpdateTime: time,
  });
  return {
    conditions: CONDITIONS.map(holds),
    constraints: ["HibernationPossible", "MaintenancePreconditionsSatisfied"].map(holds),
    gardener: { id: "sandbox", name: "sandbox", version: "v1.149.3" },
    hibernated: spec.hibernated === true,
    lastOperation: {
      type: "Reconcile",
      state: "Succeeded",
      progress: 100,
      description: "Shoot cluster has been successfully reconciled.",
      lastUpdateTime: time,
    },
    observedGeneration: 1,
    seedName: "sandbox",
    technicalID: `shoot--${spec.project}--${spec.name}`,
    uid: "00000000-0000-4000-8000-000000000000",
  };
}

/** What a Shoot refers to besides its CloudProfile. */
export function credentials(namespace: string): JsonMap[] {
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials", namespace },
      type: "Opaque",
      data: {},
    },
    {
      apiVersion: "security.gardener.cloud/v1alpha1",
      kind: "CredentialsBinding",
      metadata: { name: "credentials", namespace },
      provider: { type: "local" },
      credentialsRef: { apiVersion: "v1", kind: "Secret", name: "credentials", namespace },
    },
  ];
}
