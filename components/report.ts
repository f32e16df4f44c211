/** What a component reports of its Shoot, from what its resource has come to and from the live Shoot. */
import { isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import { fillUnmanaged, specVersions, sameTarget } from "../provider/plan";
import { awaitsWindow, isRollingOut, stateOfOutdatedNodes, type NodeVersions } from "../provider/lifecycle";
import type { Declaration } from "../provider/model/declaration";
import type { RolloutState } from "../provider/model/enums";
import { entryOf } from "../provider/model/json";
import { UNMANAGED, type Plan, type WorkerVersions, type Target } from "../provider/model/plan";
import { holdReason, type Shoot } from "../provider/model/shoot";
import { isNewer } from "../provider/plan/versions";

/** What the resource has come to: in a preview the resolved targets, after `up` what ran at its end. */
export interface ResourceOutputs extends Target {
  readonly shoot: string;
  /** After `up`; in a preview it is not known. */
  readonly state?: string;
}

export interface ReportedVersions {
  readonly versions: Target;
  readonly state: RolloutState;
}

/** Without a state: Gardener is at work, and how far it will be is not known. */
export type Forecast = Pick<ReportedVersions, "versions"> & Partial<ReportedVersions>;

/** What will be so after `up`: a saved plan holds it to that. */
export function forecastOutputs(
  declaration: Declaration,
  plan: Plan,
  shoot: Shoot,
  settled: ResourceOutputs,
): Forecast {
  const live = specVersions(shoot);
  if (plan.steps.length === 0) {
    if (awaitsWindow(shoot)) return { versions: fillUnmanaged(settled, live), state: "pending" };
    return {
      versions: live,
      state: isObservedAtLatestGenerationAndSucceeded(shoot) ? "upToDate" : undefined,
    };
  }
  // An adoption does not carry the targets: it writes nothing.
  const performs = sameTarget(settled, plan.target);
  if (!performs || holdReason(shoot) !== undefined || shoot.maintenance.confineSpecUpdateRollout)
    return { versions: live, state: "pending" };
  if (!declaration.rollout.wait) return { versions: live, state: "inProgress" };
  return { versions: fillUnmanaged(plan.target, live), state: "upToDate" };
}

/**
 * What is so: live, also where Gardener has moved on by itself, unless the spec is ahead of what runs.
 * What the resource has verified is not taken back: a read that knows nothing of it is an older one.
 */
export function reportOutputs(
  plan: Plan,
  shoot: Shoot,
  settled: ResourceOutputs,
  nodes: NodeVersions = "current",
): ReportedVersions {
  const live = specVersions(shoot);
  if (plan.steps.length > 0) {
    if (settled.state === "upToDate" && reaches(settled, plan.target)) {
      return { versions: settled, state: "upToDate" };
    }
    if (settled.state === "inProgress") return { versions: settled, state: "inProgress" };
    return { versions: live, state: "pending" };
  }
  if (awaitsWindow(shoot)) return { versions: settled, state: "pending" };
  if (isRollingOut(settled, shoot)) return { versions: settled, state: "inProgress" };
  if (nodes === "old") return { versions: settled, state: stateOfOutdatedNodes(shoot) };
  return { versions: notBelow(settled, live, plan.target), state: "upToDate" };
}

function reaches(settled: Target, target: Target): boolean {
  const below = (runs: string | undefined, wanted: string) =>
    wanted !== UNMANAGED && (runs === undefined || isNewer(wanted, runs));
  return (
    !below(settled.kubernetesVersion, target.kubernetesVersion) &&
    Object.entries(target.workers).every(([name, { kubernetesVersion, machineImage }]) => {
      const pool = entryOf(settled.workers, name);
      const sameImage = pool?.machineImage.name === machineImage.name;
      return (
        !below(pool?.kubernetesVersion, kubernetesVersion) &&
        !below(sameImage ? pool.machineImage.version : undefined, machineImage.version)
      );
    })
  );
}

/** Live, but for what the declaration manages and the resource has seen to be newer. */
function notBelow(settled: Target, live: Target, target: Target): Target {
  const newer = (managed: string | undefined, verified: string | undefined, runs: string) =>
    managed !== undefined && managed !== UNMANAGED && verified !== undefined && isNewer(verified, runs)
      ? verified
      : runs;
  const pools = Object.entries(live.workers).map(([name, runs]): [string, WorkerVersions] => {
    const [managed, verified] = [entryOf(target.workers, name), entryOf(settled.workers, name)];
    const { name: image, version } = runs.machineImage;
    const sameImage = verified?.machineImage.name === image;
    return [
      name,
      {
        kubernetesVersion: newer(
          managed?.kubernetesVersion,
          verified?.kubernetesVersion,
          runs.kubernetesVersion,
        ),
        machineImage: {
          name: image,
          version: sameImage
            ? newer(managed?.machineImage.version, verified.machineImage.version, version)
            : version,
        },
      },
    ];
  });
  return {
    kubernetesVersion: newer(target.kubernetesVersion, settled.kubernetesVersion, live.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}
