/**
 * The outputs of a component. The Shoot is read after the resource is registered, so that the problems that
 * check reports come first; where it cannot be read, the outputs are those of the resource.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Garden } from "../provider/garden/garden";
import { findShoot, planOn, refOf, unknownAddress, verifyNodes, type ApiServer } from "../provider/lifecycle";
import { underMocks } from "../provider/mocks";
import { systemClock } from "../provider/model/clock";
import type { Declaration } from "../provider/model/declaration";
import type { RolloutState } from "../provider/model/enums";
import { isManaged, type Plan, type Target, type WorkerVersions } from "../provider/model/plan";
import { describeProblem, UserError } from "../provider/model/problem";
import type { Shoot } from "../provider/model/shoot";
import { managedVersions, managesPools } from "../provider/plan";
import type { RollingUpgrade } from "../provider/resource";
import type { Declared } from "./arguments";
import { openSharedGarden } from "./connection";
import { reasonOf, asRunError } from "./failure";
import { kubeconfigFor } from "./kubeconfig";
import { findApiServer, type Reading } from "./reading";
import { forecastOutputs, laterOf, raisedAt, reportOutputs, type ResourceOutputs } from "./report";

interface OutputValues {
  readonly kubernetesVersion: string;
  readonly workers: Record<string, WorkerVersions>;
  readonly target: Target;
  readonly state?: RolloutState;
  /** In a preview: what runs after `pulumi up` depends on when that is. */
  readonly mayWait: boolean;
  /** In a preview: Gardener may raise what is not declared before `pulumi up`, which a saved plan would take for a change. */
  readonly mayRaise: { readonly kubernetes: boolean; readonly workers: boolean };
  /** The latest moment at which others have written versions since the resource was updated. */
  readonly raisedAt?: Date;
}

export interface Outputs {
  readonly kubernetesVersion: pulumi.Output<string>;
  readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  readonly target: pulumi.Output<Target>;
  readonly state: pulumi.Output<RolloutState>;
  readonly completedAt: pulumi.Output<string>;
  readonly shootUid: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
}

export function createOutputs(
  component: pulumi.Resource,
  upgrade: RollingUpgrade,
  reading: pulumi.Output<() => Reading>,
  waits: boolean,
): Outputs {
  const { shootUid, completedAt } = upgrade;
  // A property of the resource with the reading, which alone has not the resource among its dependencies while arguments are
  // unknown: a saved plan compares them. The others nested: `pulumi.all` creates two outputs for each that it combines.
  const base = pulumi.all([reading, upgrade.shoot]);
  if (underMocks()) {
    const { kubernetesVersion, workers, target, state } = upgrade;
    // As of a Shoot without a known address.
    const address = unknownAddress("address-of-the-shoot-is-not-known");
    const kubeconfig = base.apply(([read, shoot]) =>
      kubeconfigFor(shoot, address, declarationOf(read().declared).garden),
    );
    return { kubernetesVersion, workers, target, state, completedAt, shootUid, kubeconfig };
  }
  const kubeconfig = base.apply(([read, shoot]) =>
    upgrade.apiServer.apply((apiServer) =>
      asRunError(async () => {
        const { declared, failure } = read();
        const known = apiServer ?? (await readAgain(shoot, declared, failure));
        return kubeconfigFor(shoot, known, declarationOf(declared).garden);
      }),
    ),
  );
  const read = base.apply(([before, shoot]) =>
    versionsOf(upgrade).apply((versions) =>
      readOutputs(before(), { shoot, ...versions }, waits).catch((error: unknown) =>
        warnUnreadable(component, error),
      ),
    ),
  );
  // In a preview in which the resource is updated, its state is not known: nor is what may be another by then.
  const unless = <Value>(
    mayChange: (found: OutputValues) => boolean,
    valueOf: (found: OutputValues | undefined) => Value | pulumi.Output<Value>,
  ): pulumi.Output<Value> =>
    follow(read, (found) =>
      found !== undefined && mayChange(found) ? follow(upgrade.state, () => valueOf(found)) : valueOf(found),
    );
  return {
    kubernetesVersion: unless(
      ({ mayWait, mayRaise }) => mayWait || mayRaise.kubernetes,
      (found) => found?.kubernetesVersion ?? upgrade.kubernetesVersion,
    ),
    workers: unless(
      ({ mayWait, mayRaise }) => mayWait || mayRaise.workers,
      (found) => found?.workers ?? upgrade.workers,
    ),
    target: follow(read, (found) => found?.target ?? upgrade.target),
    state: unless(
      ({ mayWait }) => mayWait,
      (found) => found?.state ?? upgrade.state,
    ),
    completedAt: follow(read, (found) => completionOf(found, completedAt)),
    shootUid,
    kubeconfig,
  };
}

/**
 * `apply` as it works: it is not declared for a function that returns a value or an output. `pulumi.output` of the value would
 * copy it into one output more.
 */
function follow<From, Value>(
  output: pulumi.Output<From>,
  next: (value: From) => Value | pulumi.Output<Value>,
): pulumi.Output<Value>;
function follow(output: pulumi.Output<unknown>, next: (value: unknown) => unknown): pulumi.Output<unknown> {
  return output.apply(next);
}

function versionsOf({
  kubernetesVersion,
  workers,
  state,
}: RollingUpgrade): pulumi.Output<Omit<ResourceOutputs, "shoot">> {
  const withState = (known?: RolloutState) =>
    kubernetesVersion.apply((version) =>
      workers.apply((pools) => ({ kubernetesVersion: version, workers: pools, state: known })),
    );
  return pulumi.runtime.isDryRun() ? withState() : state.apply(withState);
}

/** The provider's process could read the Shoot and this one cannot: the outputs are those of the resource. */
async function warnUnreadable(component: pulumi.Resource, error: unknown): Promise<undefined> {
  await pulumi.log.warn(
    `The program could not read the Shoot; the outputs are the last known ones. ${reasonOf(error)}`,
    component,
  );
  return undefined;
}

/** The address was never known: with an empty kubeconfig the workload would go to the ambient cluster. */
async function readAgain(shoot: string, declared: Declared, failure: unknown): Promise<ApiServer> {
  try {
    const found = await findApiServer(declared);
    if (found !== undefined) return found;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `Shoot ${shoot}: the address of its API, for the output kubeconfig, could not be read. ${error.message}`;
    throw new UserError(error.code, message, { property: error.property, cause: error });
  }
  throw failure instanceof Error ? failure : new Error(`The address of the API of ${shoot} is not known.`);
}

/** check refuses a declaration with problems before this, except in a unit test of the program, where no check runs. */
function declarationOf({ parsed }: Declared): Declaration {
  if (parsed.kind === "problems") throw new Error(parsed.problems.map(describeProblem).join("; "));
  return parsed.declaration;
}

async function readOutputs(
  before: Reading,
  upgraded: ResourceOutputs,
  waits: boolean,
): Promise<OutputValues | undefined> {
  const declaration = declarationOf(before.declared);
  const garden = before.garden ?? (await openSharedGarden(declaration.garden));
  // The program has read the Shoot before the rollout.
  if (!pulumi.runtime.isDryRun() && before.isUpToDate !== true) garden.invalidate(refOf(upgraded.shoot));
  const shoot = await findShoot(garden, declaration.shoot);
  const plan = await planAgain(garden, declaration, shoot, before);
  // Refused since the resource was checked: the outputs are those of the resource.
  if (plan === undefined) return undefined;
  const { versions, state } = pulumi.runtime.isDryRun()
    ? forecastOutputs(declaration, plan, shoot, upgraded)
    : reportOutputs(
        plan,
        shoot,
        upgraded,
        plan.steps.length > 0 ? "unknown" : await verifyNodes(garden, shoot, upgraded),
      );
  const { target } = plan;
  const previewsSteps = pulumi.runtime.isDryRun() && plan.steps.length > 0;
  return {
    kubernetesVersion: versions.kubernetesVersion,
    workers: { ...versions.workers },
    target: { kubernetesVersion: target.kubernetesVersion, workers: target.workers },
    state,
    mayWait: waits && previewsSteps,
    mayRaise: {
      kubernetes: previewsSteps && !isManaged(target.kubernetesVersion),
      workers: previewsSteps && !managesPools(target),
    },
    raisedAt: raisedAt(shoot, managedVersions(upgraded, target)),
  };
}

/** @returns undefined where it is refused. */
async function planAgain(
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
  { planned }: Reading,
): Promise<Plan | undefined> {
  // The same object: the shared read has not been repeated since.
  if (planned?.shoot === shoot) return planned.plan;
  const result = await planOn(garden, declaration, shoot, systemClock.now());
  return result.kind === "plan" ? result.plan : undefined;
}

/** Empty where the program does not see the target reached: other Shoots must not start after an earlier completion. */
function completionOf(
  found: OutputValues | undefined,
  completedAt: pulumi.Output<string>,
): string | pulumi.Output<string> {
  if (!pulumi.runtime.isDryRun() && found?.state !== "upToDate") return "";
  return completedAt.apply((moment) => laterOf(moment, found?.raisedAt));
}
