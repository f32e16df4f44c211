/** RollingUpgrade: the dynamic resource under ShootVersions. */
import * as pulumi from "@pulumi/pulumi";
import type { Target, WorkerVersions } from "./model/plan";
import { declaredInputs, underMocks } from "./mocks";
import type { ShootVersionsArgs } from "./args";
import { providerText } from "./shim";

const type = "pulumi-nodejs:dynamic/gardener:RollingUpgrade";

/** Where a cluster's API is, and how to tell that it is the one. */
export interface ApiServerAddress {
  /** URL. */
  readonly server: string;
  /** PEM; absent where its certificate is publicly trusted. */
  readonly certificateAuthority?: string;
}

/**
 * Keeps one Shoot at or beyond the versions that a program declares, by rolling upgrades. Programs
 * use {@link ShootVersions}, which wraps it and reads the live cluster as well.
 *
 * Its inputs in state are the concrete versions that the declaration means: check resolves them
 * against the live Shoot, so that a preview names them.
 */
export class RollingUpgrade extends pulumi.CustomResource {
  /** `namespace/name`. */
  declare readonly shoot: pulumi.Output<string>;
  /** What the control plane runs; in a preview what it shall run, or "unmanaged". */
  declare readonly kubernetesVersion: pulumi.Output<string>;
  /** What the worker pools run, by name; in a preview what they shall run. */
  declare readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  /** What the declaration means, known in no preview: {@link ShootVersions} tells it there. */
  declare readonly target: pulumi.Output<Target>;
  /** The uid of the adopted Shoot. */
  declare readonly shootUid: pulumi.Output<string>;
  /** `upToDate`, `inProgress` or `pending`. */
  declare readonly state: pulumi.Output<string>;
  /** Of the cluster's API, where it was ever found out; it stays known when it cannot be read. */
  declare readonly apiServer: pulumi.Output<ApiServerAddress | undefined>;

  /**
   * @param reportTo URN of the row in which messages stand. Default: the resource's own.
   * @param apiServer what is found of it now.
   */
  constructor(
    name: string,
    args: ShootVersionsArgs,
    opts: pulumi.CustomResourceOptions = {},
    reportTo: pulumi.Input<string> = pulumi.createUrn(name, type, opts.parent),
    apiServer?: pulumi.Input<(ApiServerAddress & { readonly shootUid: string }) | undefined>,
  ) {
    super(
      type,
      name,
      {
        declaration: args,
        reportTo,
        preview: pulumi.runtime.isDryRun(),
        __provider: providerText,
        shoot: undefined,
        garden: undefined,
        kubernetesVersion: undefined,
        workers: undefined,
        target: undefined,
        shootUid: undefined,
        state: undefined,
        apiServer,
        ...(underMocks() && declaredInputs(args)),
      },
      opts,
    );
  }
}
