/** The outputs of a component, from those of its resource and from the live Shoot. */
import { awaitsWindow, isObservedAtLatestGenerationAndSucceeded } from "../provider/model/operation";
import {
  changedFields,
  fillUnmanaged,
  notBelow,
  reaches,
  specVersions,
  sameTarget,
  targetOfRun,
} from "../provider/plan";
import { isRollingOut, stateOfOutdatedNodes, type NodeVersions } from "../provider/lifecycle";
import type { Declaration } from "../provider/model/declaration";
import type { RolloutState } from "../provider/model/enums";
import type { Plan, Target } from "../provider/model/plan";
import { holdReason, type Shoot } from "../provider/model/shoot";

/** The outputs of the resource: in a preview the resolved targets, after `up` the versions that it verified. */
export interface ResourceOutputs extends Target {
  readonly shoot: string;
  /** Not known in previews. */
  readonly state?: RolloutState;
}

export interface ReportedVersions {
  readonly versions: Target;
  readonly state: RolloutState;
}

/** Without a state while Gardener reconciles the Shoot: the state after `up` is not known. */
export type Forecast = Pick<ReportedVersions, "versions"> & Partial<ReportedVersions>;

/** The outputs after `up`, which a saved plan holds `up` to. */
export function forecastOutputs(
  declaration: Declaration,
  plan: Plan,
  shoot: Shoot,
  upgraded: ResourceOutputs,
): Forecast {
  const spec = specVersions(shoot);
  if (plan.steps.length === 0) {
    if (awaitsWindow(shoot)) return { versions: fillUnmanaged(upgraded, spec), state: "pending" };
    return {
      versions: spec,
      state: isObservedAtLatestGenerationAndSucceeded(shoot) ? "upToDate" : undefined,
    };
  }
  // The inputs of an adoption are not the targets: it writes nothing.
  const target = targetOfRun(plan, shoot);
  const performs = sameTarget(upgraded, target);
  if (!performs || holdReason(shoot) !== undefined || shoot.maintenance.confineSpecUpdateRollout)
    return { versions: spec, state: "pending" };
  if (!declaration.rollout.wait) return { versions: spec, state: "inProgress" };
  return { versions: fillUnmanaged(target, spec), state: plan.later.length > 0 ? "pending" : "upToDate" };
}

/**
 * The versions of the spec, also where Gardener has upgraded by itself, unless the spec is ahead of the
 * nodes. Never below the versions that the resource has verified: such a read is older than the verification.
 */
export function reportOutputs(
  plan: Plan,
  shoot: Shoot,
  upgraded: ResourceOutputs,
  nodes: NodeVersions = "current",
): ReportedVersions {
  const spec = specVersions(shoot);
  if (plan.steps.length > 0) {
    if (upgraded.state === "upToDate" && reaches(upgraded, plan.target)) {
      return { versions: upgraded, state: "upToDate" };
    }
    if (upgraded.state === "inProgress") return { versions: upgraded, state: "inProgress" };
    return { versions: spec, state: "pending" };
  }
  if (awaitsWindow(shoot)) return { versions: upgraded, state: "pending" };
  if (isRollingOut(upgraded, shoot)) return { versions: upgraded, state: "inProgress" };
  if (nodes === "old") return { versions: upgraded, state: stateOfOutdatedNodes(shoot) };
  return { versions: notBelow(upgraded, spec, plan.target), state: "upToDate" };
}

/** When others have written versions that the resource has not recorded; undefined: they have not, or it is not visible. */
export function raisedAt(shoot: Shoot, recorded: Target): Date | undefined {
  const changed = changedFields(recorded, specVersions(shoot));
  const times = (shoot.owners ?? []).flatMap(({ field, time }) =>
    time !== undefined && changed.includes(field) ? [time.getTime()] : [],
  );
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** The moment of a completion, not before versions were raised since. An empty moment stays empty. */
export function laterOf(completedAt: string, raised: Date | undefined): string {
  if (completedAt === "" || raised === undefined || new Date(completedAt) >= raised) return completedAt;
  return raised.toISOString();
}
