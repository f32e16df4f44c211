/** The arguments of ShootVersions, each documented where an editor shows it. */
import type * as pulumi from "@pulumi/pulumi";
import type {
  Access,
  Adopt,
  FindingSeverity,
  KubernetesChannel,
  MachineImageChannel,
  PreflightCheck,
  Prepare,
  RolloutWhen,
  WhenNewer,
  WorkerRollout,
} from "./model/enums";

/**
 * Names an existing Shoot, in exactly one of these forms.
 *
 * @example
 * { project: "demo", name: "web" }
 * { namespace: "garden-demo", name: "web" }
 * { id: "garden-demo/web" }
 * { name: "web" } // on Cleura Cloud, where `garden.cleura.projectId` names the project
 */
export interface ShootArgs {
  /** The Gardener project, with `name`. Its namespace is looked up; without permission to read projects it is `garden-<project>`. */
  project?: pulumi.Input<string>;
  /** The namespace of the project in the garden, with `name`. */
  namespace?: pulumi.Input<string>;
  /** The name of the Shoot. */
  name?: pulumi.Input<string>;
  /** `"namespace/name"`, instead of all the others. */
  id?: pulumi.Input<string>;
}

/**
 * A project of Cleura Cloud, reached through Cleura's REST API. What is not given is taken from the
 * environment (`CLEURA_CLOUD`, `CLEURA_REGION`, `CLEURA_PROJECT_ID`), then from the stack configuration
 * (`gardener:cleuraCloud`, `gardener:cleuraRegion`, `gardener:cleuraProjectId`), then from the profile
 * of the `cleura` command.
 *
 * @example
 * { region: "Sto2", projectId: "0123456789abcdef0123456789abcdef" }
 */
export interface CleuraArgs {
  /** `"public"`, `"compliant"`, or the name of a private cloud, with `CLEURA_API_URL`. Default `"public"`. */
  cloud?: pulumi.Input<string>;
  /** The OpenStack region, case-sensitive: `"Sto2"`. */
  region?: pulumi.Input<string>;
  /** The id of the OpenStack project. */
  projectId?: pulumi.Input<string>;
}

/**
 * Where the garden and its credentials are found; never the credentials themselves, which are read
 * when they are used. Default: the stack configuration (`gardener:kubeconfig`, a secret;
 * `gardener:kubeconfigPath`; or `gardener:cleuraProjectId`), then the file that `GARDEN_KUBECONFIG`
 * names. The ambient `KUBECONFIG` is never used.
 *
 * @example
 * { kubeconfig: "~/.garden/virtual-garden.yaml", context: "demo" }
 * { cleura: { region: "Sto2", projectId: "0123456789abcdef0123456789abcdef" } }
 */
export interface GardenArgs {
  /** Path of a kubeconfig for the garden; `~` is the home directory. */
  kubeconfig?: pulumi.Input<string>;
  /** A context of the kubeconfig. Default: `gardener:context` of the stack configuration, else the current context. */
  context?: pulumi.Input<string>;
  /** A project of Cleura Cloud, instead of a kubeconfig. */
  cleura?: pulumi.Input<CleuraArgs>;
}

/**
 * The Kubernetes version: exactly one of `version` and `channel`.
 *
 * @example
 * { version: "1.34" }
 * { channel: "patch" }
 */
export interface KubernetesArgs {
  /**
   * The lowest acceptable version; the Shoot is never downgraded. `"1.34.3"`: this patch. `"1.34"`: the
   * newest supported patch of 1.34. Several minors are crossed one after the other.
   */
  version?: pulumi.Input<string>;
  /**
   * `"patch"`: the newest supported patch of the Shoot's minor. `"stable"`: the newest patch of the
   * second newest minor. `"rapid"`: the newest supported version. Several minors are crossed one after the
   * other; preview, deprecated and expired versions are never the target.
   */
  channel?: pulumi.Input<KubernetesChannel>;
}

/**
 * The version of a machine image: exactly one of `version` and `channel`. The name of the image is
 * never changed.
 *
 * @example
 * { version: "1877.3.0" }
 * { channel: "minor" }
 */
export interface MachineImageArgs {
  /** The lowest acceptable version: `"1877.3.0"`, or with fewer parts (`"1877"`) the newest supported one. */
  version?: pulumi.Input<string>;
  /**
   * As the `updateStrategy` of a CloudProfile. `"patch"`: the newest patch of the pool's minor.
   * `"minor"`: the newest version of the pool's major. `"major"`: the newest of all.
   */
  channel?: pulumi.Input<MachineImageChannel>;
}

/**
 * Lets the machine image of a worker pool go down to the declared version. Nothing else ever goes down.
 *
 * @example
 * { until: "2027-01-31", reason: "1877.3.0 loses the network on our machine type" }
 */
export interface AllowDowngradeArgs {
  /** The last day, in UTC, on which the image may go down: `"2027-01-31"`. After it a downgrade that is pending is refused. */
  until: pulumi.Input<string>;
  /** Why; shown in the plan. */
  reason: pulumi.Input<string>;
}

/**
 * The version of the machine image of one worker pool: exactly one of `version` and `channel`. The name of the
 * image is never changed.
 *
 * @example
 * { version: "1592.14.0", allowDowngrade: { until: "2027-01-31", reason: "1877.3.0 loses the network" } }
 */
export interface WorkerMachineImageArgs extends MachineImageArgs {
  /**
   * Lets the image go down to `version`, which has to be offered and not expired. Refused while the Shoot updates
   * images automatically, and for pools that are updated in place. Default: it never goes down.
   */
  allowDowngrade?: pulumi.Input<AllowDowngradeArgs>;
}

/**
 * Versions of one worker pool.
 *
 * @example
 * { machineImage: { version: "1592.14.0" } }
 */
export interface WorkerArgs {
  /** The machine image of this pool. Default: the `machineImage` beside `workers`, else not managed. */
  machineImage?: pulumi.Input<WorkerMachineImageArgs>;
  /**
   * Worker pools with a lower number are rolled first, and are verified before the nodes of the next are replaced:
   * a canary pool has `-1`. On gardens where pools have no Kubernetes version of their own, only images follow it.
   * Default `0`.
   */
  order?: pulumi.Input<number>;
}

/**
 * How `pulumi up` performs and awaits a rollout. Durations are written as `"45m"` or `"2h30m"`, between
 * one minute and seven days.
 *
 * @example
 * { progressDeadline: "1h", timeout: "6h" }
 */
export interface RolloutArgs {
  /**
   * Whether `pulumi up` waits until the rollout is complete. `false`: it returns as soon as the change
   * is written, with `state: "inProgress"`, and reports no success. Such a rollout still counts towards
   * `gardener:maxConcurrentRollouts` until this run sees it complete: a Shoot beyond the limit is written
   * when another one is complete, and the run ends with the last write. A failure that is seen meanwhile
   * stops the Shoots that are not yet written. Rollouts of earlier runs are not counted. Default `true`.
   */
  wait?: pulumi.Input<boolean>;
  /**
   * The rollout fails if nothing changes for this time: the progress of Gardener's operation, a node or a
   * condition. Gardener continues by itself even then. Default `"2h30m"`, longer than Gardener's drain
   * timeout of two hours.
   */
  progressDeadline?: pulumi.Input<string>;
  /**
   * The rollout of one step fails after this time. Gardener continues by itself even then. It does the work of
   * the resource option `customTimeouts`, which Pulumi does not pass to dynamic resources. Default: no limit.
   */
  timeout?: pulumi.Input<string>;
  /**
   * For which Kubernetes upgrades Cleura is asked to prepare the Shoot before the version is changed.
   * No effect on other gardens. Default `"minor"`.
   */
  prepare?: pulumi.Input<Prepare>;
  /**
   * When nodes are replaced on the way over several Kubernetes minors. `"holdBack"`: as rarely as possible, worker
   * pools are held back at their version while the control plane goes ahead, as far as Kubernetes and Gardener
   * allow. `"everyMinor"`: at each minor. On gardens where pools have no Kubernetes version of their own, always at
   * each minor. Default `"holdBack"`.
   */
  workers?: pulumi.Input<WorkerRollout>;
  /**
   * How many Kubernetes minors one `pulumi up` may cross. It ends with `state: "pending"` while more are left, and the
   * next one continues. Default: no limit.
   */
  maxMinors?: pulumi.Input<number>;
  /**
   * Starts only after the rollouts of other Shoots: their outputs `completedAt`. While one of them is not complete, what is
   * pending here stays pending, and the run does not fail. No effect with an empty list.
   */
  after?: pulumi.Input<pulumi.Input<string>[]>;
  /** Starts only this time after the last rollout of `after`, between one minute and 90 days: `"24h"`. Default: at once. */
  soak?: pulumi.Input<string>;
  /**
   * `"now"`: at any time. `"maintenanceWindow"`: only within the Shoot's maintenance window, except its last quarter of an hour;
   * each step of several is started so. Default `"now"`.
   */
  when?: pulumi.Input<RolloutWhen>;
  /** Starts only after this moment, with its offset from UTC: `"2026-12-05T22:00:00+01:00"`. */
  notBefore?: pulumi.Input<string>;
  /** Whether a hibernated Shoot is skipped until it is woken up. Default `false`: it is upgraded by one minor at most. */
  skipHibernated?: pulumi.Input<boolean>;
}

/**
 * Accepts findings of a preflight check until a date. They stay in the plan, with the reason, and do not stop `pulumi up`.
 *
 * @example
 * { check: "podDisruptionBudget", object: "shop/cart", until: "2027-01-31", reason: "moves to another cluster in January" }
 */
export interface WaiverArgs {
  /** The check whose findings are accepted. */
  check: pulumi.Input<PreflightCheck>;
  /** Only findings of this object: `"namespace/name"`, or the name of an object without a namespace. Default: all of the check. */
  object?: pulumi.Input<string>;
  /** The last day on which the waiver applies, in UTC: `"2027-01-31"`. An expired waiver has no effect and is reported. */
  until: pulumi.Input<string>;
  /** Why the findings are accepted; shown in the plan. */
  reason: pulumi.Input<string>;
}

/**
 * A severity for all findings of a check, instead of the one that follows from the plan.
 *
 * @example
 * { drain: "info" }
 */
export interface PreflightSeverityArgs {
  /** PodDisruptionBudgets over pods on the nodes that are drained. */
  podDisruptionBudget?: pulumi.Input<FindingSeverity>;
  /** Pods and nodes that a drain waits for, or that lose something by it. */
  drain?: pulumi.Input<FindingSeverity>;
  /** Admission webhooks that may keep nodes from joining or pods from being created. */
  webhook?: pulumi.Input<FindingSeverity>;
  /** CustomResourceDefinitions with conversion webhooks. */
  crd?: pulumi.Input<FindingSeverity>;
  /** APIServices that are not available. */
  apiService?: pulumi.Input<FindingSeverity>;
  /** APIs that a Kubernetes minor on the way no longer serves. */
  removedApi?: pulumi.Input<FindingSeverity>;
  /** The Shoot itself: conditions, constraints, worker pools, versions of its nodes. */
  shoot?: pulumi.Input<FindingSeverity>;
}

/**
 * The checks inside the Shoot before an upgrade. They read only, and never Secrets. Every preview with something pending shows
 * what they find; a finding with the severity `"block"` fails the preview, and stops `pulumi up` before the first write.
 *
 * @example
 * {
 *   waivers: [{ check: "podDisruptionBudget", object: "shop/cart", until: "2027-01-31", reason: "one replica by design" }],
 *   severity: { drain: "info" },
 * }
 */
export interface PreflightArgs {
  /**
   * The kubeconfig that the checks use: `"viewer"` reads everything except Secrets; `"admin"` is a cluster administrator's, and is
   * used for reading alone. On Cleura Cloud only `"admin"` exists: without it the checks are not visible. Default `"viewer"`.
   */
  access?: pulumi.Input<Access>;
  /** Findings that are accepted until a date. */
  waivers?: pulumi.Input<pulumi.Input<WaiverArgs>[]>;
  /** Other severities, by check. */
  severity?: pulumi.Input<PreflightSeverityArgs>;
}

/**
 * The versions that a Shoot must run.
 *
 * @example
 * {
 *   shoot: { project: "demo", name: "web" },
 *   kubernetes: { version: "1.34" },
 *   machineImage: { version: "1877.3.0" },
 *   workers: { gpu: { machineImage: { version: "1592.14.0" } } },
 * }
 */
export interface ShootVersionsArgs {
  /** The Shoot. If another one is declared, the old one is no longer managed and the new one is adopted; neither is changed. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /** The Kubernetes version of the control plane and of the worker pools without a version of their own. Default: not managed. */
  kubernetes?: pulumi.Input<KubernetesArgs>;
  /** The machine image of the worker pools that `workers` does not name. Default: not managed. */
  machineImage?: pulumi.Input<MachineImageArgs>;
  /** Versions of single worker pools, by `spec.provider.workers[].name`. A pool is never added. */
  workers?: pulumi.Input<Record<string, pulumi.Input<WorkerArgs>>>;
  /** How a rollout is performed and awaited. */
  rollout?: pulumi.Input<RolloutArgs>;
  /** The checks inside the Shoot before an upgrade. */
  preflight?: pulumi.Input<PreflightArgs>;
  /** What to do if the Shoot runs a newer version than declared. It is never downgraded. Default `"warn"`. */
  whenNewer?: pulumi.Input<WhenNewer>;
  /**
   * `"observe"`: the first `pulumi up` writes nothing and reports what is pending; the next one performs
   * it. `"upgrade"`: the first one performs it. Default `"observe"`.
   */
  adopt?: pulumi.Input<Adopt>;
}
