/** What `getUpgrades()` returns: plain JSON, times in ISO 8601. */
import type { AutomaticUpgradeKind, AutomaticUpgradeReason, VersionClassification } from "./enums";

/** A version with its lifecycle stage in the CloudProfile. */
export interface VersionStatus {
  /** `"1.34.3"`. */
  readonly version: string;
  /** The lifecycle stage today: `"supported"`. */
  readonly classification: VersionClassification;
  /** When the version expires or has expired: `"2027-02-28T00:00:00.000Z"`. Absent if no date is set. */
  readonly expires?: string;
}

/** A Kubernetes version that the control plane can be upgraded to. */
export interface KubernetesVersionStatus extends VersionStatus {
  /** URL of the upgrade notes of its minor. */
  readonly notes: string;
}

/** The Kubernetes version of the control plane, and newer ones. */
export interface KubernetesUpgrades {
  /** The version in the Shoot's spec. */
  readonly current: VersionStatus;
  /** Newer patches of the same minor, newest first; preview and deprecated versions too, expired ones not. */
  readonly patches: KubernetesVersionStatus[];
  /** Patches of the next minor, newest first. Minors further away are reached one at a time. */
  readonly minors: KubernetesVersionStatus[];
}

/** The machine image of a worker pool, and newer versions of it. */
export interface MachineImageUpgrades {
  /** Name of the image: `"gardenlinux"`. */
  readonly name: string;
  /** The version in the Shoot's spec. */
  readonly current: VersionStatus;
  /** Newer versions that suit the pool, newest first; expired ones are left out. */
  readonly available: VersionStatus[];
}

/** The versions of one worker pool, and newer ones. */
export interface WorkerUpgrades {
  /** Version of the pool's kubelets: its own in the Shoot's spec, else that of the control plane. */
  readonly kubernetesVersion: string;
  /** Whether the pool has a Kubernetes version of its own and does not follow the control plane. */
  readonly pinned: boolean;
  /** The machine image of the pool. */
  readonly machineImage: MachineImageUpgrades;
}

/** An upgrade that Gardener will perform by itself. */
export interface AutomaticUpgrade {
  /** What is upgraded. */
  readonly kind: AutomaticUpgradeKind;
  /** The worker pool. Absent: the control plane, and with it the pools without a Kubernetes version of their own. */
  readonly pool?: string;
  /** Name of the machine image, for `kind: "machineImage"`. */
  readonly machineImage?: string;
  /** The version in the Shoot's spec. */
  readonly from: string;
  /** The version after the upgrade. Absent: an upgrade is due and the CloudProfile offers no version for it. */
  readonly to?: string;
  /** Why it is upgraded. */
  readonly reason: AutomaticUpgradeReason;
  /** When the version expires or has expired, for `reason: "expired"`. */
  readonly expires?: string;
  /**
   * Fields of the Shoot that Gardener removes because the new Kubernetes minor does not have them: `"spec.addons"`.
   * `spec.secretBindingName` is replaced by `spec.credentialsBindingName`.
   */
  readonly removes: string[];
  /** Why the API server will refuse this maintenance, so that nothing is upgraded. Absent: no reason is known. */
  readonly refusal?: string;
  /** Begin of the maintenance window in which it happens at the earliest: `"2026-12-01T22:00:00.000Z"`. */
  readonly notBefore: string;
}

/** A maintenance window, as ISO 8601 timestamps. */
export interface MaintenanceWindow {
  /** `"2026-12-01T22:00:00.000Z"`. */
  readonly begin: string;
  /** `"2026-12-01T23:00:00.000Z"`. */
  readonly end: string;
}

/** The versions of a Shoot, newer ones, and what Gardener will upgrade by itself. */
export interface GetUpgradesResult {
  /** `namespace/name`. */
  readonly shoot: string;
  /** Name of the CloudProfile that offers the versions. */
  readonly cloudProfile: string;
  /** The Kubernetes version of the control plane. */
  readonly kubernetes: KubernetesUpgrades;
  /** The worker pools, by name. */
  readonly workers: Readonly<Record<string, WorkerUpgrades>>;
  /** The current or next maintenance window. Absent if the Shoot has none. */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What Gardener will upgrade by itself, as far as today's CloudProfile tells. */
  readonly forecast: AutomaticUpgrade[];
}
