import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import type { RolloutState } from "../provider/model/enums";
import type { Target, WorkerVersions } from "../provider/model/plan";
import { asDeclared, isLiteral, knownValues } from "../provider/values";
import { createUpgrade, type Found } from "../provider/resource";
import { sharedLandscape, startsProvider } from "./connection";
import { examineWhenDue } from "./examination";
import { readShoot, type Reading } from "./reading";
import { createOutputs, type Outputs } from "./outputs";
import { pauseTraces, withoutTraces } from "./traces";
import { knownArguments, mayWait, nameCompletion, namesOfPredecessors, waveOf } from "./waves";

/**
 * Declares which Kubernetes version and which machine images an existing Gardener cluster (a Shoot) must
 * run. `pulumi preview` shows what is pending against the live Shoot, `pulumi up` performs the rolling
 * upgrade and waits until it is complete. The Shoot is never created, replaced, deleted or downgraded. The
 * first `pulumi up` adopts it and writes nothing, unless `adopt` is `"upgrade"`.
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
  /** Version of the control plane: `"1.34.3"`. In a preview, the version after `pulumi up`. */
  readonly kubernetesVersion: pulumi.Output<string>;
  /**
   * Kubernetes version and machine image of each worker pool, by the name of the pool. In a preview, the
   * versions after `pulumi up`.
   */
  readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  /**
   * The concrete versions that the declaration resolves to today, never below the versions that the Shoot
   * runs; `"unmanaged"` where nothing is declared. Known in previews.
   */
  readonly target: pulumi.Output<Target>;
  /**
   * `"upToDate"`: the declared versions are reached and verified. `"pending"`: declared and not yet
   * performed. `"inProgress"`: written to the Shoot, the rollout is not complete. In a preview, the state
   * after `pulumi up`; not known there while Gardener reconciles the Shoot.
   */
  readonly state: pulumi.Output<RolloutState>;
  /**
   * When the rollout to the declared versions was verified: `"2026-12-01T22:10:00.000Z"`. The same in every run until versions
   * change; empty while they are pending or in progress. Known in previews where nothing is pending. For `rollout.after` of
   * other Shoots. Of a Shoot that is adopted with the declared versions: the moment of the adoption.
   */
  readonly completedAt: pulumi.Output<string>;
  /** The uid of the Shoot: `clusterIdentifier` of a `kubernetes.Provider`. Known in previews. */
  readonly shootUid: pulumi.Output<string>;
  /**
   * A kubeconfig for the Shoot without a credential: whoever uses it needs the command `pulumi-gardener` on
   * the PATH, which requests one from the garden (`create` on `shoots/adminkubeconfig`). The text is the same
   * in every run and known in previews. A `kubernetes.Provider` needs `clusterIdentifier: shootUid` with it.
   */
  readonly kubeconfig: pulumi.Output<string>;

  /**
   * @param name Name of the component in the stack; messages begin with it.
   * @param args The Shoot and the versions that it must run.
   * @param opts Pulumi's options. `customTimeouts` and `protect` are passed on to the RollingUpgrade in it.
   * Pulumi does not pass `customTimeouts` to dynamic resources: use `rollout.timeout` and
   * `rollout.progressDeadline`.
   */
  constructor(name: string, args: ShootVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    const traces = pauseTraces();
    try {
      super("gardener:index:ShootVersions", name, {}, opts);
    } catch (error) {
      throw traces.located(error);
    } finally {
      traces.resume();
    }
    const declaration = asDeclared(judged(args));
    const outputs = withoutTraces(() => this.register(name, args, opts));
    this.kubernetesVersion = outputs.kubernetesVersion;
    this.workers = outputs.workers;
    this.target = outputs.target;
    this.state = outputs.state;
    this.completedAt = outputs.completedAt;
    nameCompletion(this.completedAt, { name, wave: waveOf(args) });
    this.shootUid = outputs.shootUid;
    this.kubeconfig = outputs.kubeconfig;
    withoutTraces(() => this.registerOutputs(knownValues({ ...outputs, declaration })));
  }

  private register(
    name: string,
    args: ShootVersionsArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): Outputs {
    const isFirst = startsProvider();
    const known = knownArguments(args);
    const waits = mayWait(args);
    const landscape = sharedLandscape();
    // Where arguments are outputs, it may be read hours after the others.
    const beside = isLiteral(known) ? landscape.countBeside(args) : undefined;
    const reading = readShoot(name, known, { plansOnly: isFirst, waits, beside });
    const after = namesOfPredecessors(args);
    const upgrade = createUpgrade(
      name,
      args,
      {
        reportTo: this.urn,
        ...(after.length > 0 && { after }),
        shoots: landscape.count(),
        // With the same dependencies in any order of construction: a saved plan holds `pulumi up` to those of the preview.
        found: isFirst
          ? pulumi.output(known).apply(() => asText({}))
          : reading.apply((read) => foundText(read())),
        ...(waits && {
          due: isFirst
            ? pulumi.output(args).apply(() => asText({}))
            : examineWhenDue(name, args, reading).apply(asText),
        }),
        ...(isFirst && { findApiServer: true, shootsBeside: beside }),
      },
      { parent: this, customTimeouts: opts?.customTimeouts },
    );
    landscape.add(name, args, upgrade, reading);
    return createOutputs(this, upgrade, reading, waits);
  }
}

const asText = (found: Found): string => JSON.stringify(found);

function foundText({ planned, apiServer, dryRun, kubelets, preflight, readiness, reads }: Reading): string {
  const isListed = planned !== undefined;
  return asText({ isListed, apiServer, dryRun, kubelets, preflight, readiness, reads });
}

/**
 * What policy packs judge besides the versions: of a component they see the outputs alone, of its resource the concrete versions.
 */
function judged({ kubernetes, machineImage, workers, preflight }: ShootVersionsArgs): pulumi.Inputs {
  return { kubernetes, machineImage, workers, preflight };
}
