/**
 * The closed sets of values in arguments and outputs, as Pulumi's SDKs write enums in TypeScript: an
 * object and a union type of the same name. Type, parser and messages take them from here.
 */

/** Which Kubernetes version to follow, named as AKS names its upgrade channels. Several minors are crossed one after the other. */
export const KubernetesChannel = {
  /** The newest supported patch of the minor that the Shoot runs. */
  Patch: "patch",
  /** The newest supported patch of the second newest minor. */
  Stable: "stable",
  /** The newest supported version. */
  Rapid: "rapid",
} as const;
export type KubernetesChannel = (typeof KubernetesChannel)[keyof typeof KubernetesChannel];

/** Which machine image version to follow, as the `updateStrategy` of a CloudProfile. */
export const MachineImageChannel = {
  /** The newest supported patch of the minor that the pool runs. */
  Patch: "patch",
  /** The newest supported version of the major that the pool runs. */
  Minor: "minor",
  /** The newest supported version. */
  Major: "major",
} as const;
export type MachineImageChannel = (typeof MachineImageChannel)[keyof typeof MachineImageChannel];

/** What to do if the Shoot runs a newer version than declared. It is never downgraded. */
export const WhenNewer = {
  /** Accept it without a message. */
  Accept: "accept",
  /** Report a warning. */
  Warn: "warn",
  /** Fail the run. */
  Fail: "fail",
} as const;
export type WhenNewer = (typeof WhenNewer)[keyof typeof WhenNewer];

/** What the first `pulumi up` does with a Shoot. */
export const Adopt = {
  /** Manage the Shoot, write nothing and report what is pending. */
  Observe: "observe",
  /** Manage the Shoot and perform what is pending. */
  Upgrade: "upgrade",
} as const;
export type Adopt = (typeof Adopt)[keyof typeof Adopt];

/** When the nodes of worker pools are replaced on the way over several Kubernetes minors. */
export const WorkerRollout = {
  /** As rarely as possible: pools are held back while the control plane goes ahead. */
  HoldBack: "holdBack",
  /** At each minor. */
  EveryMinor: "everyMinor",
} as const;
export type WorkerRollout = (typeof WorkerRollout)[keyof typeof WorkerRollout];

/** When a pending rollout may be started. */
export const RolloutWhen = {
  /** At any time. */
  Now: "now",
  /** In the maintenance window of the Shoot. */
  MaintenanceWindow: "maintenanceWindow",
} as const;
export type RolloutWhen = (typeof RolloutWhen)[keyof typeof RolloutWhen];

/** For which Kubernetes upgrades Cleura is asked to prepare the Shoot. */
export const Prepare = {
  /** For a new minor. */
  Minor: "minor",
  /** For every new version. */
  Always: "always",
  /** For none. */
  Never: "never",
} as const;
export type Prepare = (typeof Prepare)[keyof typeof Prepare];

/** The permissions of a kubeconfig. */
export const Access = {
  /** Reads everything except Secrets. Not available on Cleura Cloud. */
  Viewer: "viewer",
  /** Cluster administrator. */
  Admin: "admin",
} as const;
export type Access = (typeof Access)[keyof typeof Access];

/** How far a Shoot is with respect to the declared versions. */
export const RolloutState = {
  /** The declared versions are reached and verified. */
  UpToDate: "upToDate",
  /** Declared and not yet performed: an adoption, a hold, or a change that waits for its maintenance window. */
  Pending: "pending",
  /** Written to the Shoot; the rollout is not complete. */
  InProgress: "inProgress",
} as const;
export type RolloutState = (typeof RolloutState)[keyof typeof RolloutState];

/** What Gardener is doing with a Shoot. */
export const ShootStatus = {
  /** The spec is reconciled. */
  Reconciled: "reconciled",
  /** The spec is being reconciled, or Gardener has not begun yet. */
  Reconciling: "reconciling",
  /** The last operation has failed; Gardener may try it again. */
  Failed: "failed",
  /** The Shoot is being deleted. */
  Deleting: "deleting",
} as const;
export type ShootStatus = (typeof ShootStatus)[keyof typeof ShootStatus];

/** What a Shoot is for: `spec.purpose`. */
export const ShootPurpose = {
  /** For a trial. */
  Evaluation: "evaluation",
  /** For tests. */
  Testing: "testing",
  /** For development. */
  Development: "development",
  /** For production. */
  Production: "production",
  /** For Gardener itself. */
  Infrastructure: "infrastructure",
} as const;
export type ShootPurpose = (typeof ShootPurpose)[keyof typeof ShootPurpose];

/** The lifecycle stage of a version today. */
export const VersionClassification = {
  /** Offered for tests, not for production. */
  Preview: "preview",
  /** For production. */
  Supported: "supported",
  /** To be replaced before it expires. */
  Deprecated: "deprecated",
  /** Past its expiration date: Gardener replaces it in the next maintenance window. */
  Expired: "expired",
  /** Not offered yet: the CloudProfile sets a later date for it. */
  Unavailable: "unavailable",
  /** No longer in the CloudProfile. */
  Removed: "removed",
} as const;
export type VersionClassification = (typeof VersionClassification)[keyof typeof VersionClassification];

/** What Gardener upgrades by itself. */
export const AutomaticUpgradeKind = {
  /** The Kubernetes version of the control plane or of a worker pool. */
  Kubernetes: "kubernetes",
  /** The machine image of a worker pool. */
  MachineImage: "machineImage",
} as const;
export type AutomaticUpgradeKind = (typeof AutomaticUpgradeKind)[keyof typeof AutomaticUpgradeKind];

/** Why Gardener upgrades by itself. */
export const AutomaticUpgradeReason = {
  /** The Shoot enables automatic updates. */
  Automatic: "automatic",
  /** The version of the Shoot has expired by then. Gardener upgrades it even with automatic updates disabled. */
  Expired: "expired",
  /** The CloudProfile does not offer the running version, or not for this worker pool. */
  Removed: "removed",
} as const;
export type AutomaticUpgradeReason = (typeof AutomaticUpgradeReason)[keyof typeof AutomaticUpgradeReason];

/** A check of a Shoot before a rollout. */
export const PreflightCheck = {
  /** PodDisruptionBudgets over pods on the nodes that are drained. */
  PodDisruptionBudget: "podDisruptionBudget",
  /** Pods and nodes that a drain waits for, or that lose something by it. */
  Drain: "drain",
  /** Admission webhooks that may keep nodes from joining or pods from being created. */
  Webhook: "webhook",
  /** CustomResourceDefinitions with conversion webhooks. */
  Crd: "crd",
  /** APIServices that are not available. */
  ApiService: "apiService",
  /** APIs that a Kubernetes minor on the way no longer serves. */
  RemovedApi: "removedApi",
  /** The Shoot itself: conditions, constraints, worker pools, versions of its nodes. */
  Shoot: "shoot",
} as const;
export type PreflightCheck = (typeof PreflightCheck)[keyof typeof PreflightCheck];

/** How serious a finding of a preflight check is. */
export const FindingSeverity = {
  /** Fails the preview, and stops `pulumi up` before the first write. */
  Block: "block",
  /** Should be fixed first; does not stop the upgrade. */
  Warn: "warn",
  /** To be known. */
  Info: "info",
} as const;
export type FindingSeverity = (typeof FindingSeverity)[keyof typeof FindingSeverity];

/** What a preflight check has found out. */
export const PreflightOutcome = {
  /** Everything that the check needs was read, and nothing was found. */
  Passed: "passed",
  /** There are findings. */
  Found: "found",
  /** Something that the check needs cannot be read: nothing is known of it. */
  NotVisible: "notVisible",
} as const;
export type PreflightOutcome = (typeof PreflightOutcome)[keyof typeof PreflightOutcome];
