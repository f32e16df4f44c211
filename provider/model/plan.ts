/** The result of planning. */
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

/** One write to the Shoot and the rollout that follows it. */
export interface Step {
  readonly kubernetes?: FromTo & { readonly minor: boolean };
  readonly pools: readonly PoolChange[];
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
    readonly kubernetesVersion?: string;
  }[];
}

export interface Plan {
  readonly target: Target;
  /** What is pending, in the order of the writes: one, unless the garden takes less at a time. Empty: the Shoot is at or beyond the target. */
  readonly steps: readonly Step[];
  /** Gardener rolls out versions that reach the target: nothing to write, but to wait for. */
  readonly inFlight: boolean;
  /** What a user should know; nothing of this stops the plan. */
  readonly notices: readonly Problem[];
}

export type PlanResult =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };
