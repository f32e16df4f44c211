/**
 * The outputs of a component. The Shoot is read after the resource is registered, so that the problems that
 * check reports come first; where it cannot be read, the outputs are those of the resource.
 */
import * as pulumi from "@pulumi/pulumi";
import { readAndPlan, refOf, unknownAddress, verifyNodes, type ApiServer } from "../provider/lifecycle";
import { underMocks } from "../provider/mocks";
import { systemClock } from "../provider/model/clock";
import type { RolloutState } from "../provider/model/enums";
import { isManaged, type Target, type WorkerVersions } from "../provider/model/plan";
import { describeProblem, UserError } from "../provider/model/problem";
import { managedVersions, managesPools } from "../provider/plan";
import type { RegisteredUpgrade } from "../provider/resource";
import { parseDeclared, type Declared } from "./arguments";
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
  declared: Declared,
  upgrade: RegisteredUpgrade,
  { reading, waits }: { readonly reading: pulumi.Output<() => Reading>; readonly waits: boolean },
): Outputs {
  const { shootUid, completedAt } = upgrade;
  if (underMocks()) {
    const { kubernetesVersion, workers, target, state } = upgrade;
    const kubeconfig = mockKubeconfig(declared, upgrade);
    return { kubernetesVersion, workers, target, state, completedAt, shootUid, kubeconfig };
  }
  const kubeconfig = pulumi
    .all([declared, upgrade.shoot, upgrade.apiServer, reading])
    .apply(([args, shoot, apiServer, read]) =>
      asRunError(async () => {
        const known = apiServer ?? (await readAgain(shoot, args(), read().failure));
        return kubeconfigFor(shoot, known, parsed(args(), shoot).garden);
      }),
    );
  const stateAfterUp = pulumi.runtime.isDryRun() ? undefined : upgrade.state;
  const read = pulumi
    .all([declared, upgrade.shoot, upgrade.kubernetesVersion, upgrade.workers, stateAfterUp, reading])
    .apply(([args, shoot, kubernetesVersion, workers, state, before]) =>
      readOutputs(
        args(),
        { shoot, kubernetesVersion, workers, state },
        before().isUpToDate === true,
        waits,
      ).catch((error: unknown) => warnUnreadable(component, error)),
    );
  // In a preview in which the resource is updated, its state is not known: nor is what may be another by then.
  const unless = <Value>(
    mayChange: (found: OutputValues) => boolean,
    valueOf: (found: OutputValues | undefined) => pulumi.Output<Value>,
  ): pulumi.Output<Value> =>
    read.apply((found) => {
      if (found === undefined || !mayChange(found)) return valueOf(found);
      return upgrade.state.apply(() => valueOf(found));
    });
  return {
    kubernetesVersion: unless(
      ({ mayWait, mayRaise }) => mayWait || mayRaise.kubernetes,
      (found) => pulumi.output(found?.kubernetesVersion ?? upgrade.kubernetesVersion),
    ),
    workers: unless(
      ({ mayWait, mayRaise }) => mayWait || mayRaise.workers,
      (found) => pulumi.output(found?.workers ?? upgrade.workers),
    ),
    target: read.apply((found) => pulumi.output(found?.target ?? upgrade.target)),
    state: unless(
      ({ mayWait }) => mayWait,
      (found) => pulumi.output(found?.state ?? upgrade.state),
    ),
    completedAt: read.apply((found) => completionOf(found, completedAt)),
    shootUid,
    kubeconfig,
  };
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
async function readAgain(shoot: string, declared: unknown, failure: unknown): Promise<ApiServer> {
  try {
    const found = await findApiServer(shoot, declared);
    if (found !== undefined) return found;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `Shoot ${shoot}: the address of its API, for the output kubeconfig, could not be read. ${error.message}`;
    throw new UserError(error.code, message, { property: error.property, cause: error });
  }
  throw failure instanceof Error ? failure : new Error(`The address of the API of ${shoot} is not known.`);
}

/** check refuses a declaration with problems before this, except in a unit test of the program, where no check runs. */
function parsed(declared: unknown, shoot: string) {
  const result = parseDeclared(declared, shoot);
  if (result.kind === "problems") throw new Error(result.problems.map(describeProblem).join("; "));
  return result.declaration;
}

/** As of a Shoot without a known address. */
function mockKubeconfig(declared: Declared, upgrade: RegisteredUpgrade): pulumi.Output<string> {
  return pulumi
    .all([declared, upgrade.shoot])
    .apply(([args, shoot]) =>
      kubeconfigFor(shoot, unknownAddress("address-of-the-shoot-is-not-known"), parsed(args(), shoot).garden),
    );
}

async function readOutputs(
  declared: unknown,
  upgraded: ResourceOutputs,
  wasUpToDate: boolean,
  waits: boolean,
): Promise<OutputValues | undefined> {
  const declaration = parsed(declared, upgraded.shoot);
  const garden = await openSharedGarden(declaration.garden);
  // The program has read the Shoot before the rollout.
  if (!pulumi.runtime.isDryRun() && !wasUpToDate) garden.invalidate(refOf(upgraded.shoot));
  const { shoot, planned } = await readAndPlan(garden, declaration, systemClock.now());
  // Refused since the resource was checked: the outputs are those of the resource.
  if (planned.kind === "refused") return undefined;
  const { plan } = planned;
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

/** Empty where the program does not see the target reached: other Shoots must not start after an earlier completion. */
function completionOf(
  found: OutputValues | undefined,
  completedAt: pulumi.Output<string>,
): pulumi.Output<string> {
  if (!pulumi.runtime.isDryRun() && found?.state !== "upToDate") return pulumi.output("");
  return completedAt.apply((moment) => laterOf(moment, found?.raisedAt));
}
