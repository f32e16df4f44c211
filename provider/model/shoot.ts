/**
 * The Shoot as planning and rollout see it: the parts of the API object that a version change
 * depends on, in one shape for every kind of garden.
 */

import type { LimitedField } from "./removals";

/** Where a Shoot lives in its garden. */
export interface ShootRef {
  readonly namespace: string;
  readonly name: string;
}

export interface MachineImageRef {
  readonly name: string;
  readonly version: string;
}

export type WorkerUpdateStrategy = "AutoRollingUpdate" | "AutoInPlaceUpdate" | "ManualInPlaceUpdate";

/** Of the nodes of worker pools; its value is the name of the pool. */
export const POOL_LABEL = "worker.gardener.cloud/pool";

/** Of all nodes of a worker pool, or of one. */
export interface Taint {
  readonly key: string;
  /** Empty: none. */
  readonly value: string;
  readonly effect: string;
}

/** One entry of `spec.provider.workers`. */
export interface WorkerPool {
  readonly name: string;
  /** Pins the kubelets of this pool; absent: the pool follows the control plane. */
  readonly kubernetesVersion?: string;
  readonly machineImage: MachineImageRef;
  readonly machineType: string;
  readonly architecture: string;
  readonly cri?: { readonly name: string; readonly containerRuntimes: readonly string[] };
  readonly minimum: number;
  readonly maximum: number;
  /** As declared in the Shoot: a number or a percentage such as "25%". */
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  readonly updateStrategy: WorkerUpdateStrategy;
  readonly zones: readonly string[];
  readonly taints: readonly Taint[];
}

export interface CloudProfileRef {
  readonly kind: "CloudProfile" | "NamespacedCloudProfile";
  readonly name: string;
}

/** Begin and end as Gardener writes them: `HHMMSS±ZZZZ`. */
export interface TimeWindow {
  readonly begin: string;
  readonly end: string;
}

export interface Maintenance {
  readonly autoUpdate: { readonly kubernetesVersion: boolean; readonly machineImageVersion: boolean };
  readonly timeWindow?: TimeWindow;
  /** Changes of the spec wait for the maintenance window. */
  readonly confineSpecUpdateRollout: boolean;
}

export const operationTypes = ["Create", "Reconcile", "Delete", "Migrate", "Restore", "LiveMigrate"] as const;
export type OperationType = (typeof operationTypes)[number];
export const operationStates = ["Processing", "Succeeded", "Error", "Failed", "Pending", "Aborted"] as const;
export type OperationState = (typeof operationStates)[number];

export interface LastOperation {
  readonly type: OperationType;
  readonly state: OperationState;
  /** 0 to 100. */
  readonly progress: number;
  readonly description: string;
  readonly lastUpdateTime?: Date;
}

export interface LastError {
  readonly description: string;
  readonly codes: readonly string[];
}

export const conditionStatuses = ["True", "False", "Unknown", "Progressing"] as const;
export type ConditionStatus = (typeof conditionStatuses)[number];

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/** Another field manager (`metadata.managedFields`) that owns a version field of the Shoot. */
export interface FieldOwner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** Dotted, pools by name: `spec.kubernetes.version`, `spec.provider.workers[pool-a].machine.image.version`. */
  readonly field: string;
  readonly time?: Date;
}

/** A rotation in phase WaitingForWorkersRollout. */
export interface PendingRotation {
  readonly credentials: "certificate authorities" | "service account key";
  /** Worker pools whose nodes do not have the new credentials yet. */
  readonly pools: readonly string[];
}

/** Ranges of addresses as the spec has them, such as `100.64.0.0/12`. */
export interface Networks {
  readonly nodes?: string;
  readonly pods?: string;
  /** Length of the prefix of the range that each node takes of the pod network. */
  readonly nodeCidrMaskSize: number;
}

export interface Shoot {
  readonly ref: ShootRef;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly observedGeneration?: number;
  /** Set when the Shoot is being deleted. */
  readonly deletionTimestamp?: Date;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absent: the garden does not report them. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly cloudProfile: CloudProfileRef;
  readonly region?: string;
  readonly purpose?: string;
  readonly kubernetesVersion: string;
  readonly workers: readonly WorkerPool[];
  readonly maintenance: Maintenance;
  /** `enabled`: the spec asks for it; `hibernated`: the status reports it. */
  readonly hibernation: { readonly enabled: boolean; readonly hibernated: boolean };
  readonly lastOperation?: LastOperation;
  readonly lastErrors: readonly LastError[];
  readonly conditions: readonly Condition[];
  readonly constraints: readonly Condition[];
  /** `status.lastMaintenance.description`. */
  readonly lastMaintenance?: {
    readonly description: string;
    readonly triggeredTime?: Date;
    readonly state: string;
  };
  /** Absent: the garden does not report who has written what. */
  readonly owners?: readonly FieldOwner[];
  /** Rotations that wait until the nodes of these pools are replaced; absent: the garden does not report them. */
  readonly pendingRotations?: readonly PendingRotation[];
  /** Pools whose nodes are being replaced because of the operation `rollout-workers`; absent: the garden does not report them. */
  readonly requestedRollouts?: readonly string[];
  /** Parts of the spec that a later Kubernetes minor does not have or does not accept; absent: the garden does not report them. */
  readonly limitedFields?: readonly LimitedField[];
  /** Absent: the garden does not report them. */
  readonly networks?: Networks;
  /** `status.gardener.version`, the Gardener that reconciled the Shoot last; absent: not known. */
  readonly gardenerVersion?: string;
  readonly advertisedAddresses: readonly { readonly name: string; readonly url: string }[];
}

/** `namespace/name`, the id of the Pulumi resource too. */
export function shootId(ref: ShootRef): string {
  return `${ref.namespace}/${ref.name}`;
}

/** What the kubelets of a pool run: its pin, else the control plane's version. */
export function effectiveKubernetesVersion(
  shoot: Pick<Shoot, "kubernetesVersion">,
  pool: WorkerPool,
): string {
  return pool.kubernetesVersion ?? shoot.kubernetesVersion;
}

/** Anybody may set it on a Shoot; while it is there, nothing is written. Its value is the reason. */
export const HOLD_ANNOTATION = "pulumi-gardener.io/hold";

/** Why nothing may be written, "" where no reason is given; undefined: there is no hold. */
export function holdReason({ annotations }: Pick<Shoot, "annotations">): string | undefined {
  return annotations[HOLD_ANNOTATION]?.trim();
}

/** Records which worker pools a rollout holds back: written with them in one patch, removed with the last of them. */
export const ROLLOUT_ANNOTATION = "pulumi-gardener.io/rollout";

/** The field manager of our writes in `metadata.managedFields`. */
export const FIELD_MANAGER = "pulumi-gardener";
