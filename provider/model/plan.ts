/** The result of planning. */
import type { CloudProfile } from "./cloudprofile";
import type { WorkerRollout } from "./enums";
import type { Problem } from "./problem";
import type { MachineImageRef, ShootRef } from "./shoot";

/** A part of the Shoot that the program does not declare, and that is therefore left alone. */
export const UNMANAGED = "unmanaged";

export function isManaged(version: string): boolean {
  return version !== UNMANAGED;
}

/** A machine image of the CloudProfile. */
export interface MachineImageVersion {
  /** Name of the image: `"gardenlinux"`. */
  readonly name: string;
  /** Version of the image: `"1877.3.0"`; in a target `"unmanaged"` where none is declared. */
  readonly version: string;
}

/** The versions of one worker pool. */
export interface WorkerVersions {
  /** Version of the pool's kubelets: `"1.34.3"`; in a target `"unmanaged"` where none is declared. */
  readonly kubernetesVersion: string;
  /** The machine image of the pool's nodes. */
  readonly machineImage: MachineImageVersion;
}

/**
 * The concrete versions that a declaration resolves to today, from the CloudProfile and the Shoot: never
 * below the versions that the Shoot runs, and `"unmanaged"` where nothing is declared.
 */
export interface Target {
  /** Version of the control plane: `"1.34.3"`. */
  readonly kubernetesVersion: string;
  /** Every worker pool of the Shoot, by name. */
  readonly workers: Readonly<Record<string, WorkerVersions>>;
}

/** A target as it is planned and performed. */
export interface ResolvedTarget extends Target {
  /** Worker pools whose machine image may go down to the target's version, and nothing else may. */
  readonly downgrades?: readonly string[];
}

export interface FromTo {
  readonly from: string;
  readonly to: string;
}

/** What one step does to one pool. */
export interface PoolChange {
  readonly name: string;
  /** What the kubelets run before and after; absent: unchanged. */
  readonly kubernetes?: FromTo;
  readonly machineImage?: { readonly name: string } & FromTo;
  /** True: nodes are replaced (a minor, or another image); false: kubelets restart in place. */
  readonly replacesNodes: boolean;
}

/** The worker pools that a rollout holds back behind the control plane, recorded on the Shoot in an annotation. */
export interface HeldBack {
  /** The Kubernetes version at which a pool is held back, by the name of the pool. */
  readonly pools: Readonly<Record<string, string>>;
  /** The Kubernetes version that control plane and pools are on the way to. */
  readonly target: string;
  /** Which stack holds them back: `project/stack`. */
  readonly stack?: string;
}

/** One write to the Shoot and the rollout that follows it. */
export interface Step {
  readonly kubernetes?: FromTo & { readonly minor: boolean };
  readonly pools: readonly PoolChange[];
  /** All pools that are held back after this step; absent: those of before. */
  readonly heldBack?: HeldBack;
}

/** How steps lead to a target: with it the rest of a plan is planned again from the live Shoot. */
export interface Route {
  /** Kubernetes versions of the control plane on the way, one for each minor before the target's. */
  readonly versions: readonly string[];
  /** How many minors a worker pool may be behind the control plane. */
  readonly mostMinorsBehind: number;
  readonly workers: WorkerRollout;
  /** Pools with a lower number first; 0 where a pool is not named. */
  readonly orders: Readonly<Record<string, number>>;
  /** The images decide which kubelets a pool can run on the way. */
  readonly profile: CloudProfile;
}

/** What a write carries: only fields that change. */
export interface Change {
  readonly shoot: ShootRef;
  readonly uid: string;
  /** The write is refused when the Shoot has moved on from here. */
  readonly resourceVersion: string;
  readonly kubernetesVersion?: string;
  readonly workers: readonly {
    readonly name: string;
    readonly machineImage?: MachineImageRef;
    /** Null: the pool follows the control plane again. */
    readonly kubernetesVersion?: string | null;
  }[];
  /** What is recorded of the pools that are held back; none: the record is removed. Absent: it stays. */
  readonly heldBack?: HeldBack;
}

export interface Plan {
  readonly target: ResolvedTarget;
  /** What is pending for this run, in the order of the writes. Empty: the Shoot is at or beyond the target. */
  readonly steps: readonly Step[];
  /** What is left for later runs, since this one may cross no more minors. */
  readonly later: readonly Step[];
  readonly route: Route;
  /** Gardener rolls out versions that reach the target: nothing to write, but to wait for. */
  readonly inFlight: boolean;
  /** What a user should know; nothing of this stops the plan. */
  readonly notices: readonly Problem[];
  /** Which other versions are available, and what Gardener will do by itself: information alone. */
  readonly offers: readonly Problem[];
}

export type PlanResult =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };
