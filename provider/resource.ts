/** RollingUpgrade: the dynamic resource under ShootVersions. */
import * as pulumi from "@pulumi/pulumi";
import type { DryRunReport } from "./model/dryRun";
import type { ExpectedReads } from "./model/expectedReads";
import type { KubeletReport } from "./model/kubelets";
import type { PreflightReport } from "./model/preflight";
import type { RolloutState } from "./model/enums";
import type { Target, WorkerVersions } from "./model/plan";
import type { ReadinessReport } from "./model/readiness";
import { declaredInputs, underMocks } from "./mocks";
import type { ShootVersionsArgs } from "./args";
import { asDeclared, isLiteral, knownValues } from "./values";
import { providerText } from "./shim";

const type = "pulumi-nodejs:dynamic/gardener:RollingUpgrade";

/** The address of a Shoot's API server. */
export interface ApiServerAddress {
  /** URL: `"https://api.web.demo.example.com"`. */
  readonly server: string;
  /** PEM. Absent if the certificate is publicly trusted. */
  readonly certificateAuthority?: string;
}

/** The address with the uid of the Shoot that it belongs to. */
interface FoundAddress extends ApiServerAddress {
  readonly shootUid: string;
}

/** What the program's process knows of this run. */
export interface Found {
  /** Whether the program has a plan of the Shoot, which the message about all Shoots shows. */
  readonly isListed?: boolean;
  /** The address of the Shoot's API server. */
  readonly apiServer?: FoundAddress;
  /** The result of a dry run, which check uses where it would make the same one. */
  readonly dryRun?: DryRunReport;
  /** What the preflight checks have found, which check uses where it would run the same ones. */
  readonly preflight?: PreflightReport;
  /** What the kubelets that run mean for the plan, which check uses where it would judge the same one. */
  readonly kubelets?: KubeletReport;
  /** What the garden's own check reports, which check uses where it would request the same. */
  readonly readiness?: ReadinessReport;
  readonly reads?: ExpectedReads;
}

/** Inputs that do not come from the program. */
export interface HiddenInputs {
  /** URN of the resource that the engine shows messages at. */
  readonly reportTo: pulumi.Input<string>;
  /** {@link Found} as JSON: the SDK and the engine spend time on each property, however deep it is. */
  readonly found?: pulumi.Input<string>;
  /**
   * Dry run and preflight of {@link Found} as JSON, of a rollout that may have to wait; not known in a preview while it waits
   * for one that is not complete.
   */
  readonly due?: pulumi.Input<string>;
  /** Names of the components whose outputs are in `rollout.after`, in that order. */
  readonly after?: readonly string[];
  /** How many Shoots the program declares: of several, one that is up to date is listed by the message about all of them. */
  readonly shoots?: pulumi.Input<number>;
  /** How many of these are in the project or namespace of this Shoot. */
  readonly shootsBeside?: pulumi.Input<number>;
  /** check reads the address of the Shoot's API server: the program does not. */
  readonly findApiServer?: true;
}

/** The inputs that a component passes, by its options. */
const hiddenInputs = new WeakMap<pulumi.CustomResourceOptions, HiddenInputs>();

/** The resource of a component. */
export function createUpgrade(
  name: string,
  args: ShootVersionsArgs,
  hidden: HiddenInputs,
  opts: pulumi.CustomResourceOptions,
): RollingUpgrade {
  hiddenInputs.set(opts, hidden);
  return new RollingUpgrade(name, args, opts);
}

/**
 * What check receives. Of literals one text: the SDK and the engine spend time on each property of each request, however deep
 * it is. Else with the dependencies of the arguments, which a saved plan compares; but never with those of `reportTo`, which are
 * all children of the component: they may wait for this resource.
 */
function inputsOf(args: ShootVersionsArgs, hidden: HiddenInputs): pulumi.Inputs {
  const run = { ...hidden, preview: pulumi.runtime.isDryRun() };
  if (isLiteral(args) && !underMocks()) {
    const declaration = asDeclared(args);
    return { literal: knownValues(run).then((known) => textOf({ declaration, run: known })) };
  }
  const located = knownValues({ reportTo: run.reportTo }).then((known) => ({ ...run, ...known }));
  return { declaration: args, run: located };
}

/** Itself where an output has failed or is secret, for the SDK to report it or to send it so. */
function textOf(inputs: pulumi.Inputs): string | pulumi.Inputs {
  return isLiteral(inputs) ? JSON.stringify(inputs) : inputs;
}

/**
 * Keeps one Shoot at or above the declared versions by rolling upgrades: the resource that
 * {@link ShootVersions} creates. Prefer `ShootVersions`: its `target` and `state` are known in previews too,
 * and it has the output `kubeconfig`.
 *
 * The resource's id is `namespace/name`. Its inputs in the state are concrete versions: they are resolved
 * against the live Shoot, so that a preview shows them.
 *
 * @example
 * const upgrade = new gardener.RollingUpgrade("web", {
 *   shoot: { project: "demo", name: "web" },
 *   kubernetes: { version: "1.34" },
 * });
 */
export class RollingUpgrade extends pulumi.CustomResource {
  /** `namespace/name` of the Shoot. */
  declare readonly shoot: pulumi.Output<string>;
  /** Version of the control plane; in a preview its target, or `"unmanaged"`. */
  declare readonly kubernetesVersion: pulumi.Output<string>;
  /** Versions of the worker pools, by name; in a preview their targets. */
  declare readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  /** The concrete versions that the declaration resolves to. Not known in previews. */
  declare readonly target: pulumi.Output<Target>;
  /** The uid of the adopted Shoot. */
  declare readonly shootUid: pulumi.Output<string>;
  /** How far the Shoot is with respect to the declared versions. Not known in previews. */
  declare readonly state: pulumi.Output<RolloutState>;
  /**
   * When the rollout to the target was verified, as ISO 8601 timestamp; empty while it is not complete. Not known in previews
   * with something pending.
   */
  declare readonly completedAt: pulumi.Output<string>;
  /** The last known address of the Shoot's API server. */
  declare readonly apiServer: pulumi.Output<ApiServerAddress | undefined>;

  /**
   * @param name Name of the resource in the stack.
   * @param args The Shoot and the versions that it must run.
   * @param opts Pulumi's options. Pulumi does not pass `customTimeouts` to dynamic resources: use `rollout.timeout`.
   */
  constructor(name: string, args: ShootVersionsArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      type,
      name,
      {
        ...inputsOf(args, hiddenInputs.get(opts) ?? { reportTo: pulumi.createUrn(name, type, opts.parent) }),
        __provider: providerText,
        shoot: undefined,
        kubernetesVersion: undefined,
        workers: undefined,
        target: undefined,
        shootUid: undefined,
        state: undefined,
        completedAt: undefined,
        apiServer: undefined,
        ...(underMocks() && declaredInputs(args)),
      },
      opts,
    );
  }
}
