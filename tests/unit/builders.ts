/** Shoots, CloudProfiles and declarations for unit tests; every one complete, each part replaceable. */
import type { GardenCapabilities } from "../../provider/model/capabilities";
import type {
  Classification,
  CloudProfile,
  MachineImage,
  MachineImageVersion,
  OfferedVersion,
} from "../../provider/model/cloudprofile";
import type { Declaration } from "../../provider/model/declaration";
import type { Route } from "../../provider/model/plan";
import type { Condition, LastOperation, Maintenance, Shoot, WorkerPool } from "../../provider/model/shoot";

/** The clock of all tests that need one: a Monday at noon. */
export const NOW = new Date("2026-11-23T12:00:00Z");

export function aPool(parts: Partial<WorkerPool> = {}): WorkerPool {
  return {
    name: "pool-a",
    machineImage: { name: "gardenlinux", version: "1592.10.0" },
    machineType: "m5.large",
    architecture: "amd64",
    cri: { name: "containerd", containerRuntimes: [] },
    minimum: 3,
    maximum: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    updateStrategy: "AutoRollingUpdate",
    zones: ["a"],
    taints: [],
    ...parts,
  };
}

export function aMaintenance(parts: Partial<Maintenance> = {}): Maintenance {
  return {
    autoUpdate: { kubernetesVersion: false, machineImageVersion: false },
    timeWindow: { begin: "220000+0000", end: "230000+0000" },
    confineSpecUpdateRollout: false,
    ...parts,
  };
}

export function aLastOperation(parts: Partial<LastOperation> = {}): LastOperation {
  return {
    type: "Reconcile",
    state: "Succeeded",
    progress: 100,
    description: "Shoot cluster has been successfully reconciled.",
    lastUpdateTime: new Date("2026-11-23T01:00:00Z"),
    ...parts,
  };
}

export function aCondition(parts: Partial<Condition> = {}): Condition {
  return {
    type: "EveryNodeReady",
    status: "True",
    reason: "EveryNodeReady",
    message: "All nodes are ready.",
    ...parts,
  };
}

/** garden-demo/web on Kubernetes 1.33.4 with one pool of three nodes on gardenlinux 1592.10.0, healthy and at rest. */
export function aShoot(parts: Partial<Shoot> = {}): Shoot {
  return {
    ref: { namespace: "garden-demo", name: "web" },
    uid: "6f9d5a3c-0001-4c1e-9a77-000000000001",
    resourceVersion: "1000",
    generation: 3,
    observedGeneration: 3,
    annotations: {},
    cloudProfile: { kind: "CloudProfile", name: "aws" },
    region: "eu-west-1",
    purpose: "evaluation",
    kubernetesVersion: "1.33.4",
    workers: [aPool()],
    maintenance: aMaintenance(),
    hibernation: { enabled: false, hibernated: false },
    lastOperation: aLastOperation(),
    lastErrors: [],
    conditions: [
      aCondition({ type: "APIServerAvailable" }),
      aCondition({ type: "ControlPlaneHealthy" }),
      aCondition({ type: "EveryNodeReady" }),
      aCondition({ type: "SystemComponentsHealthy" }),
    ],
    constraints: [
      aCondition({ type: "HibernationPossible" }),
      aCondition({ type: "MaintenancePreconditionsSatisfied" }),
    ],
    owners: [],
    advertisedAddresses: [{ name: "external", url: "https://api.web.demo.example" }],
    ...parts,
  };
}

/** A version with the stages that Gardener derives from `classification` and `expirationDate`. */
export function aVersion(
  version: string,
  classification: Classification = "supported",
  expires?: string,
): OfferedVersion {
  const current = { classification };
  return {
    version,
    lifecycle:
      expires === undefined ? [current] : [current, { classification: "expired", from: new Date(expires) }],
  };
}

export function anImageVersion(
  version: string,
  parts: Partial<MachineImageVersion> & { classification?: Classification; expires?: string } = {},
): MachineImageVersion {
  const { classification, expires, ...rest } = parts;
  return {
    ...aVersion(version, classification, expires),
    architectures: ["amd64"],
    cri: [{ name: "containerd", containerRuntimes: [] }],
    capabilityFlavors: [],
    ...rest,
  };
}

export function anImage(parts: Partial<MachineImage> = {}): MachineImage {
  return {
    name: "gardenlinux",
    updateStrategy: "minor",
    versions: [
      anImageVersion("1443.3.0", { classification: "deprecated", expires: "2026-10-01T00:00:00Z" }),
      anImageVersion("1592.10.0", { classification: "deprecated", expires: "2027-03-31T00:00:00Z" }),
      anImageVersion("1592.14.0"),
      anImageVersion("1877.2.0", { classification: "deprecated", expires: "2027-06-30T00:00:00Z" }),
      anImageVersion("1877.3.0"),
      anImageVersion("1950.0.0", { classification: "preview" }),
    ],
    ...parts,
  };
}

/** Kubernetes 1.32 to 1.36 and gardenlinux; in each minor or major one supported version at most. */
export function aCloudProfile(parts: Partial<CloudProfile> = {}): CloudProfile {
  return {
    name: "aws",
    type: "aws",
    kubernetesVersions: [
      aVersion("1.32.9", "deprecated", "2026-10-31T00:00:00Z"),
      aVersion("1.33.4", "deprecated", "2027-02-28T00:00:00Z"),
      aVersion("1.33.9", "supported"),
      aVersion("1.34.1", "deprecated", "2027-04-30T00:00:00Z"),
      aVersion("1.34.3", "supported"),
      aVersion("1.34.4", "preview"),
      aVersion("1.35.2", "supported"),
      aVersion("1.36.0", "preview"),
    ],
    machineImages: [anImage()],
    machineTypes: [{ name: "m5.large", architecture: "amd64", capabilities: {} }],
    machineCapabilities: {},
    ...parts,
  };
}

/** Declares nothing but the Shoot garden-demo/web. */
export function aDeclaration(parts: Partial<Declaration> = {}): Declaration {
  return {
    shoot: { kind: "namespace", namespace: "garden-demo", name: "web" },
    garden: {},
    workers: {},
    whenNewer: "warn",
    adopt: "observe",
    rollout: { wait: true, progressDeadlineMs: 9_000_000, prepare: "minor" },
    preflight: { access: "viewer", waivers: [], severity: {} },
    ...parts,
  };
}

/** To a target in the same minor or the next. */
export function aRoute(parts: Partial<Route> = {}): Route {
  return {
    versions: [],
    mostMinorsBehind: 3,
    workers: "holdBack",
    orders: {},
    profile: aCloudProfile(),
    ...parts,
  };
}

/** `version: "1.34"` as a program writes it. */
export function version(text: string): { readonly kind: "version"; readonly version: string } {
  return { kind: "version", version: text };
}

/** `channel: "patch"` as a program writes it. */
export function channel<Channel extends string>(
  name: Channel,
): { readonly kind: "channel"; readonly channel: Channel } {
  return { kind: "channel", channel: name };
}

/** A Gardener API server's. */
export const everyCapability: GardenCapabilities = {
  dryRun: true,
  watch: true,
  optimisticLocking: true,
  combinedWrites: true,
  poolKubernetesVersions: true,
  annotations: true,
  viewerKubeconfig: true,
};
