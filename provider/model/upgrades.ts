/** What `getUpgrades()` returns: plain JSON, times in ISO 8601. */
import type { AutomaticUpgradeKind, AutomaticUpgradeReason, VersionClassification } from "./enums";

/** A version and what it is worth today. */
export interface VersionStatus {
  readonly version: string;
  /** The lifecycle stage today, such as `"supported"`. */
  readonly classification: VersionClassification;
  /** When it expires or has expired; absent where no date is set. */
  readonly expires?: string;
}

export interface KubernetesVersionStatus extends VersionStatus {
  /** Address of the upgrade notes of its minor. */
  readonly notes: string;
}

export interface KubernetesUpgrades {
  /** What the control plane is declared to run in the live Shoot. */
  readonly current: VersionStatus;
  /** Newer patches of the same minor, newest first; previews and deprecated ones too, expired ones not. */
  readonly patches: readonly KubernetesVersionStatus[];
  /** Patches of the next minor, newest first; farther minors are reached one at a time. */
  readonly minors: readonly KubernetesVersionStatus[];
}

/** The machine image of a worker pool and its newer versions. */
export interface MachineImageUpgrades {
  readonly name: string;
  readonly current: VersionStatus;
  /** Newer versions of the same image that suit the pool, newest first; expired ones are left out. */
  readonly available: readonly VersionStatus[];
}

/** What one worker pool runs and could be upgraded to. */
export interface WorkerUpgrades {
  /** What the pool's kubelets run: its pin, else the control plane's version. */
  readonly kubernetesVersion: string;
  /** True where the pool has a version of its own and does not follow the control plane. */
  readonly pinned: boolean;
  readonly machineImage: MachineImageUpgrades;
}

/** Something that Gardener is going to do without being asked. */
export interface AutomaticUpgrade {
  readonly kind: AutomaticUpgradeKind;
  /** The worker pool; absent: the control plane, and with it the pools without a version of their own. */
  readonly pool?: string;
  /** Name of the machine image. */
  readonly machineImage?: string;
  readonly from: string;
  /** Absent: Gardener will try and find no version to go to. */
  readonly to?: string;
  readonly reason: AutomaticUpgradeReason;
  /** Begin of the maintenance window in which it happens at the earliest. */
  readonly notBefore: string;
}

/** A maintenance window, as ISO 8601 timestamps. */
export interface MaintenanceWindow {
  readonly begin: string;
  readonly end: string;
}

/** What a Shoot runs, what it could be upgraded to, and what Gardener will do by itself. */
export interface Upgrades {
  /** `namespace/name`. */
  readonly shoot: string;
  /** Name of the CloudProfile that offers the versions. */
  readonly cloudProfile: string;
  readonly kubernetes: KubernetesUpgrades;
  /** By worker pool. */
  readonly workers: Readonly<Record<string, WorkerUpgrades>>;
  /** The open or next maintenance window; absent where the Shoot has none. */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** From today's CloudProfile and clock; the garden's operators may change their mind. */
  readonly forecast: readonly AutomaticUpgrade[];
}
