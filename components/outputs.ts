/**
 * What a component says about its Shoot. It reads after its resource has settled, so that what check
 * finds wrong is reported first; what it cannot read, the resource has said already.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { parseDeclaration } from "../provider/declaration/parse";
import { readAndPlan, refOf, unknownAddress, verifyNodes, type ApiServer } from "../provider/lifecycle";
import { underMocks } from "../provider/mocks";
import type { Target, WorkerVersions } from "../provider/model/plan";
import { describeProblem, UserError } from "../provider/model/problem";
import type { RollingUpgrade } from "../provider/resource";
import { findApiServer, type Reading } from "./apiServer";
import { openSharedGarden } from "./connection";
import { reasonOf, asRunError } from "./failure";
import { kubeconfigFor } from "./kubeconfig";
import { forecastOutputs, reportOutputs, type ResourceOutputs } from "./report";

interface OutputValues {
  readonly kubernetesVersion: string;
  readonly workers: Record<string, WorkerVersions>;
  readonly target: Target;
  readonly state?: string;
}

interface Outputs {
  readonly kubernetesVersion: pulumi.Output<string>;
  readonly workers: pulumi.Output<Record<string, WorkerVersions>>;
  readonly target: pulumi.Output<Target>;
  readonly state: pulumi.Output<string>;
  readonly shootUid: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
}

export function createOutputs(
  component: pulumi.Resource,
  args: ShootVersionsArgs,
  upgrade: RollingUpgrade,
  reading: pulumi.Output<Reading>,
): Outputs {
  const { shootUid } = upgrade;
  if (underMocks()) {
    const { kubernetesVersion, workers, target, state } = upgrade;
    return { kubernetesVersion, workers, target, state, shootUid, kubeconfig: mockKubeconfig(args, upgrade) };
  }
  const kubeconfig = pulumi
    .all([args, upgrade.shoot, upgrade.apiServer, reading])
    .apply(([declared, shoot, apiServer, { failure }]) =>
      asRunError(async () => {
        const known = apiServer ?? (await readAgain(shoot, declared, failure));
        return kubeconfigFor(shoot, known, parsed(declared, shoot).garden);
      }),
    );
  const settledState = pulumi.runtime.isDryRun() ? undefined : upgrade.state;
  const seen = pulumi
    .all([args, upgrade.shoot, upgrade.kubernetesVersion, upgrade.workers, settledState])
    .apply(([declared, shoot, kubernetesVersion, workers, state]) =>
      readOutputs(declared, { shoot, kubernetesVersion, workers, state }).catch((error: unknown) =>
        warnUnreadable(component, error),
      ),
    );
  return {
    kubernetesVersion: seen.apply((found) =>
      pulumi.output(found?.kubernetesVersion ?? upgrade.kubernetesVersion),
    ),
    workers: seen.apply((found) => pulumi.output(found?.workers ?? upgrade.workers)),
    target: seen.apply((found) => pulumi.output(found?.target ?? upgrade.target)),
    state: seen.apply((found) => pulumi.output(found?.state ?? upgrade.state)),
    shootUid,
    kubeconfig,
  };
}

/** The provider's process has seen the cluster and this one cannot: said, since outputs are poorer for it. */
async function warnUnreadable(component: pulumi.Resource, error: unknown): Promise<undefined> {
  await pulumi.log.warn(`The program could not look at the cluster: ${reasonOf(error)}`, component);
  return undefined;
}

/** Never known so far: without it there is no kubeconfig, and an empty one would be another cluster's. */
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

/** As the provider receives the declaration: what is undefined does not travel through the engine. */
function parsed(declared: unknown, shoot: string) {
  const result = parseDeclaration(JSON.parse(JSON.stringify(declared)), shoot);
  if (result.kind === "problems") throw new Error(result.problems.map(describeProblem).join("; "));
  return result.declaration;
}

/** As from the real resource, but for a cluster that there is not. */
function mockKubeconfig(args: ShootVersionsArgs, upgrade: RollingUpgrade): pulumi.Output<string> {
  return pulumi
    .all([args, upgrade.shoot])
    .apply(([declared, shoot]) =>
      kubeconfigFor(
        shoot,
        unknownAddress("address-of-the-shoot-is-not-known"),
        parsed(declared, shoot).garden,
      ),
    );
}

async function readOutputs(declared: unknown, settled: ResourceOutputs): Promise<OutputValues | undefined> {
  const declaration = parsed(declared, settled.shoot);
  const garden = await openSharedGarden(declaration.garden);
  // What the program has read before the rollout is not what runs after it.
  if (!pulumi.runtime.isDryRun()) garden.invalidate(refOf(settled.shoot));
  const { shoot, planned } = await readAndPlan(garden, declaration, new Date());
  // Refused since the resource was checked: what runs is for the resource to say.
  if (planned.kind === "refused") return undefined;
  const { plan } = planned;
  const { versions, state } = pulumi.runtime.isDryRun()
    ? forecastOutputs(declaration, plan, shoot, settled)
    : reportOutputs(
        plan,
        shoot,
        settled,
        plan.steps.length > 0 ? "unknown" : await verifyNodes(garden, shoot, settled),
      );
  return {
    kubernetesVersion: versions.kubernetesVersion,
    workers: { ...versions.workers },
    target: plan.target,
    state,
  };
}
