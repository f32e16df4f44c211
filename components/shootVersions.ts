import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import type { WorkerVersions, Target } from "../provider/model/plan";
import { RollingUpgrade } from "../provider/resource";
import { readApiServer } from "./apiServer";
import { createOutputs } from "./outputs";

/**
 * Declares which Kubernetes version and which machine images a Gardener cluster (a Shoot) shall run.
 * `pulumi preview` shows what is pending against the live cluster, `pulumi up` performs the rolling
 * upgrade and follows it to its end. The Shoot must exist: it is adopted, never created, replaced or
 * deleted.
 *
 * @example
 * const web = new gardener.ShootVersions("web", {
 *   shoot: { project: "demo", name: "web" },
 *   kubernetes: { version: "1.34" },
 *   machineImage: { version: "1877.3.0" },
 * });
 * export const kubernetesVersion = web.kubernetesVersion;
 */
export class ShootVersions extends pulumi.ComponentResource {
  /** What the control plane runs, such as `"1.34.3"`; in a preview what it will run after `up`. */
  readonly kubernetesVersion: pulumi.Output<string>;
  /** What each worker pool runs, by name; in a preview what it will run after `up`. */
  readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  /**
   * The concrete versions that the declaration means today, never below what runs; `"unmanaged"`
   * where nothing is declared. Known in previews.
   */
  readonly target: pulumi.Output<Target>;
  /**
   * `"upToDate"`: the declared versions are reached. `"inProgress"`: written, Gardener is at work.
   * `"pending"`: declared and not yet done.
   */
  readonly state: pulumi.Output<string>;
  /** The cluster's identity: `clusterIdentifier` of a `kubernetes.Provider`. Known in previews. */
  readonly shootUid: pulumi.Output<string>;
  /**
   * A kubeconfig for the cluster that holds no credential: it asks the garden for one when it is used,
   * with the rights of whoever uses it (`create` on `shoots/adminkubeconfig`), by the command
   * `pulumi-gardener`, which must be on PATH. Its bytes stay the same from run to run, also where the
   * cluster cannot be asked. Known in previews. Give a `kubernetes.Provider` `clusterIdentifier: shootUid`
   * with it.
   */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: ShootVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gardener:index:ShootVersions", name, {}, opts);
    const apiServer = readApiServer(name, args);
    const upgrade = new RollingUpgrade(
      name,
      args,
      { parent: this },
      this.urn,
      apiServer.apply(({ found }) => found),
    );
    const seen = createOutputs(this, args, upgrade, apiServer);
    this.kubernetesVersion = seen.kubernetesVersion;
    this.workers = seen.workers;
    this.target = seen.target;
    this.state = seen.state;
    this.shootUid = seen.shootUid;
    this.kubeconfig = seen.kubeconfig;
    this.registerOutputs({
      kubernetesVersion: this.kubernetesVersion,
      workers: this.workers,
      target: this.target,
      state: this.state,
      shootUid: this.shootUid,
      kubeconfig: this.kubeconfig,
    });
  }
}
