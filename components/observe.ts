/**
 * What a component says about its Shoot. It reads after its resource has settled, so that what check
 * finds wrong is reported first; it never rejects, since the resource has already said what is wrong.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { parseDeclaration } from "../provider/declaration/parse";
import {
  atRest,
  awaitsWindow,
  look,
  refOf,
  running,
  sameTarget,
  type RolloutState,
} from "../provider/lifecycle";
import type { Garden } from "../provider/garden/garden";
import type { Declaration, GardenLocation } from "../provider/model/declaration";
import { entryOf } from "../provider/model/json";
import { UNMANAGED, type Plan, type Target } from "../provider/model/plan";
import { describeProblem, UserError } from "../provider/model/problem";
import { shootId, type Shoot } from "../provider/model/shoot";
import type { RollingUpgrade, WorkerVersions } from "../provider/resource";
import { gardenOf } from "./connection";
import { brokenKubeconfig, kubeconfigFor } from "./kubeconfig";

/** What the resource has come to: in a preview the resolved targets, after `up` what ran at its end. */
interface Settled extends Target {
  readonly shoot: string;
  /** After `up`; in a preview it is not known. */
  readonly state?: string;
}

interface Seen {
  readonly kubernetesVersion: string;
  readonly workers: Record<string, WorkerVersions>;
  readonly target: Target;
  readonly state: string;
  readonly shootUid: string;
  readonly kubeconfig: string;
}

type Outputs = { readonly [Key in keyof Seen]: pulumi.Output<Seen[Key]> };

export function observe(
  component: pulumi.Resource,
  args: ShootVersionsArgs,
  upgrade: RollingUpgrade,
): Outputs {
  const state = pulumi.runtime.isDryRun() ? undefined : upgrade.state;
  const seen = pulumi
    .all([args, upgrade.shoot, upgrade.kubernetesVersion, upgrade.workers, state])
    .apply(([declared, shoot, kubernetesVersion, workers, settledState]) =>
      lookAt(declared, { shoot, kubernetesVersion, workers, state: settledState }).catch((error: unknown) =>
        unseen(component, error),
      ),
    );
  // Depends on the state so that it is as unknown as that in a preview.
  const broken = pulumi.all([upgrade.shoot, upgrade.state]).apply(([shoot]) => brokenKubeconfig(shoot));
  return {
    kubernetesVersion: seen.apply((found) =>
      pulumi.output(found?.kubernetesVersion ?? upgrade.kubernetesVersion),
    ),
    workers: seen.apply((found) => pulumi.output(found?.workers ?? upgrade.workers)),
    target: seen.apply((found) => pulumi.output(found?.target ?? upgrade.target)),
    state: seen.apply((found) => pulumi.output(found?.state ?? upgrade.state)),
    shootUid: seen.apply((found) => pulumi.output(found?.shootUid ?? upgrade.shootUid)),
    kubeconfig: seen.apply((found) => pulumi.output(found?.kubeconfig ?? broken)),
  };
}

/** The provider's process has seen the cluster and this one cannot: said, since outputs are poorer for it. */
async function unseen(component: pulumi.Resource, error: unknown): Promise<undefined> {
  const reason = error instanceof UserError ? describeProblem(error) : String(error);
  await pulumi.log.warn(`The program could not look at the cluster: ${reason}`, component);
  return undefined;
}

async function lookAt(declared: unknown, settled: Settled): Promise<Partial<Seen>> {
  // As the provider receives it: what is undefined does not travel through the engine.
  const parsed = parseDeclaration(JSON.parse(JSON.stringify(declared)), settled.shoot);
  if (parsed.kind === "problems") throw new Error(parsed.problems.map(describeProblem).join("; "));
  const { declaration } = parsed;
  const garden = gardenOf(declaration.garden);
  // What the program has read before the rollout is not what runs after it.
  if (!pulumi.runtime.isDryRun()) garden.forget(refOf(settled.shoot));
  const { shoot, planned } = await look(garden, declaration, new Date());
  const access = {
    shootUid: shoot.uid,
    kubeconfig: await kubeconfigOf(garden, shoot, declaration.garden),
  };
  // Refused since the resource was checked: what runs is for the resource to say.
  if (planned.kind === "refused") return access;
  const { plan } = planned;
  const { versions, state } = pulumi.runtime.isDryRun()
    ? foresee(declaration, plan, shoot, settled)
    : report(plan, shoot, settled);
  return {
    ...access,
    kubernetesVersion: versions.kubernetesVersion,
    workers: { ...versions.workers },
    target: plan.target,
    state,
  };
}

/** Who may not read the certificate authority can do without this output, and learns of it when it is used. */
async function kubeconfigOf(garden: Garden, shoot: Shoot, location: GardenLocation): Promise<string> {
  try {
    return kubeconfigFor(shoot, await garden.clusterAccess(shoot), location);
  } catch (error) {
    if (!(error instanceof UserError && error.code === "GU008")) throw error;
    return brokenKubeconfig(shootId(shoot.ref), "the-right-to-get-configmaps-is-missing");
  }
}

interface Outcome {
  readonly versions: Target;
  readonly state: RolloutState;
}

/** What will be so after `up`: a saved plan holds it to that. */
function foresee(declaration: Declaration, plan: Plan, shoot: Shoot, settled: Settled): Outcome {
  const live = running(shoot);
  if (plan.hops.length === 0) {
    return awaitsWindow(shoot)
      ? { versions: filled(settled, live), state: "held" }
      : { versions: live, state: "upToDate" };
  }
  // An adoption does not carry the targets: it writes nothing.
  const performs = sameTarget(settled, plan.target);
  if (!performs || shoot.maintenance.confineSpecUpdateRollout) return { versions: live, state: "held" };
  if (!declaration.rollout.wait) return { versions: live, state: "inProgress" };
  return { versions: filled(plan.target, live), state: "upToDate" };
}

/** What is so: live, also where Gardener has moved on by itself, unless the spec is ahead of what runs. */
function report(plan: Plan, shoot: Shoot, settled: Settled): Outcome {
  const live = running(shoot);
  if (plan.hops.length > 0) return { versions: live, state: "held" };
  if (awaitsWindow(shoot)) return { versions: settled, state: "held" };
  if (settled.state === "inProgress" && !atRest(shoot)) return { versions: settled, state: "inProgress" };
  return { versions: live, state: "upToDate" };
}

/** The targets, and what runs where nothing is managed. */
function filled(target: Target, live: Target): Target {
  const either = (wanted: string, runs: string) => (wanted === UNMANAGED ? runs : wanted);
  const pools = Object.entries(live.workers).map(([name, runs]): [string, WorkerVersions] => {
    const wanted = entryOf(target.workers, name) ?? runs;
    const { name: image, version } = runs.machineImage;
    return [
      name,
      {
        kubernetesVersion: either(wanted.kubernetesVersion, runs.kubernetesVersion),
        machineImage: { name: image, version: either(wanted.machineImage.version, version) },
      },
    ];
  });
  return {
    kubernetesVersion: either(target.kubernetesVersion, live.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}
