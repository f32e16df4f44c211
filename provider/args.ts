/** What a program writes: the arguments of ShootVersions, each documented where a user meets it. */
import type * as pulumi from "@pulumi/pulumi";

/**
 * Names a Shoot in exactly one way.
 *
 * @example
 * { project: "demo", name: "web" }
 * { namespace: "garden-demo", name: "web" }
 * { id: "garden-demo/web" }
 * { name: "web" } // on Cleura Cloud, where `garden.cleura.projectId` names the project
 */
export interface ShootArgs {
  /** The Gardener project, with `name`. Its namespace is looked up; without the right to read projects it is `garden-<project>`. */
  project?: pulumi.Input<string>;
  /** The project's namespace in the garden, with `name`. */
  namespace?: pulumi.Input<string>;
  /** The Shoot's name. */
  name?: pulumi.Input<string>;
  /** `namespace/name`, alone: also the id of a `kubernetes.apiextensions.CustomResource` for the Shoot. */
  id?: pulumi.Input<string>;
}

/**
 * Which project of Cleura Cloud, whose REST API takes the garden's place. Each part that is left out:
 * `CLEURA_CLOUD`, `CLEURA_REGION`, `CLEURA_PROJECT_ID` of the environment, then `gardener:cleuraCloud`,
 * `gardener:cleuraRegion`, `gardener:cleuraProjectId` of the stack's configuration, then the profile
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
 * Where the garden and the credentials for it are; never the credentials. They are read when they are
 * used. Left out: stack configuration (`gardener:kubeconfig`, a secret; or `gardener:kubeconfigPath`;
 * or `gardener:cleuraProjectId` and its siblings), then the file that `GARDEN_KUBECONFIG` names. The
 * ambient `KUBECONFIG` is never used.
 *
 * @example
 * { kubeconfig: "~/.garden/virtual-garden.yaml", context: "demo" }
 * { cleura: { region: "Sto2", projectId: "0123456789abcdef0123456789abcdef" } }
 */
export interface GardenArgs {
  /** Path of a kubeconfig for the garden; `~` is the home directory. */
  kubeconfig?: pulumi.Input<string>;
  /** A context of the kubeconfig. Default: `gardener:context` of the stack's configuration, else the current context. */
  context?: pulumi.Input<string>;
  /** Instead of a kubeconfig: a project of Cleura Cloud. */
  cleura?: pulumi.Input<CleuraArgs>;
}

/** Which Kubernetes version shall run: exactly one of the two. */
export interface KubernetesArgs {
  /**
   * A version, as a floor: the cluster is never moved down. `"1.34.3"`: that patch. `"1.34"`: the
   * newest supported patch of 1.34. At most one minor above what runs.
   *
   * @example "1.34"
   */
  version?: pulumi.Input<string>;
  /**
   * A channel instead of a version, in AKS's words. `patch`: the newest supported patch of the minor
   * that runs. `stable`: the newest patch of the minor before the newest. `rapid`: the newest
   * supported version. Minors are crossed one at a time; preview, deprecated and expired versions are
   * never chosen.
   */
  channel?: pulumi.Input<string>;
}

/** Which machine image version shall run: exactly one of the two. The image's name is never changed. */
export interface MachineImageArgs {
  /**
   * A version, as a floor: `"1877.3.0"`, or with fewer parts (`"1877"`) the newest supported one.
   *
   * @example "1877.3.0"
   */
  version?: pulumi.Input<string>;
  /**
   * A channel instead of a version, as the CloudProfile's `updateStrategy`. `patch`: newest patch of
   * the minor that runs. `minor`: newest of the major that runs. `major`: newest of all.
   */
  channel?: pulumi.Input<string>;
}

export interface WorkerArgs {
  /** The machine image of this pool. Default: that of `machineImage` beside `workers`, else not managed. */
  machineImage?: pulumi.Input<MachineImageArgs>;
}

/** Times as Pulumi writes them: `"45m"`, `"2h30m"`; between one minute and seven days. */
export interface RolloutTimeoutsArgs {
  /**
   * A rollout fails when nothing at all has moved for so long: no progress, no node, no condition.
   * Default `"2h30m"`: longer than Gardener's drain timeout of 2 h.
   */
  stalled?: pulumi.Input<string>;
  /** What one rollout may take in all. Default: no limit. */
  hop?: pulumi.Input<string>;
}

export interface RolloutArgs {
  /**
   * Whether `pulumi up` follows the rollout to its end. `false`: it returns as soon as the change is
   * written, with `state: "inProgress"`, and reports no success of the rollout. Default `true`.
   */
  wait?: pulumi.Input<boolean>;
  /** When to give up following. Gardener goes on by itself even then. */
  timeouts?: pulumi.Input<RolloutTimeoutsArgs>;
  /**
   * Which Kubernetes upgrades Cleura is asked to prepare the cluster for, before the version is
   * changed: `minor`, `always` or `never`. Without effect on other gardens. Default `minor`.
   */
  prepare?: pulumi.Input<string>;
}

/**
 * @example
 * {
 *   shoot: { project: "demo", name: "web" },
 *   kubernetes: { version: "1.34" },
 *   machineImage: { version: "1877.3.0" },
 *   workers: { gpu: { machineImage: { version: "1592.14.0" } } },
 * }
 */
export interface ShootVersionsArgs {
  /** The cluster. Another one: the old one is let go, the new one adopted; neither is touched. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden and the credentials for it are. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /** The Kubernetes version of the control plane and of the pools that are not pinned. Left out: not managed. */
  kubernetes?: pulumi.Input<KubernetesArgs>;
  /** The machine image of the pools that `workers` does not name. Left out: not managed. */
  machineImage?: pulumi.Input<MachineImageArgs>;
  /** Settings of single pools, by `spec.provider.workers[].name`. A pool is never added. */
  workers?: pulumi.Input<Record<string, pulumi.Input<WorkerArgs>>>;
  /** How a rollout is followed. */
  rollout?: pulumi.Input<RolloutArgs>;
  /**
   * What to do when the cluster runs something newer than declared, because Gardener or somebody else
   * has upgraded it: `accept` in silence, `warn`, or `fail` the run. It is never moved down.
   * Default `warn`.
   */
  whenNewer?: pulumi.Input<string>;
  /**
   * What the first `pulumi up` does. `observe`: it takes over what runs, writes nothing and says what
   * is pending; the next one performs. `upgrade`: both at once. Default `observe`.
   */
  adopt?: pulumi.Input<string>;
}
