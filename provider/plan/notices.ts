/** What a user should know about a plan, besides what is offered; nothing of it stops the plan. */
import { hasFailed, isHibernated } from "../model/operation";
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { Plan, ResolvedTarget, Step } from "../model/plan";
import { describeMoment } from "../model/moment";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { afterSteps } from "./change";
import { nextMaintenance } from "./forecast";
import { lifetimes } from "./availability";
import { cost } from "./cost";
import { heldBackPools, releasedByOthers } from "./heldBack";
import { howToRetry } from "./retry";
import { upgradeNotes } from "./notes";
import { otherRollouts } from "./otherRollouts";
import { details, readiness } from "./readiness";
import { countNodes, replacedOften } from "./steps";
import { isNewer, minorOf } from "./versions";

export interface PlannedSteps {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly now: Date;
  readonly steps: readonly Step[];
  /** Left for later runs. */
  readonly later: readonly Step[];
  readonly target: ResolvedTarget;
  /** Found while the declared versions were resolved. */
  readonly resolution: readonly Problem[];
  readonly capabilities: GardenCapabilities;
}

export function notices(planned: PlannedSteps): readonly Problem[] {
  const { shoot, profile, now, later, resolution, capabilities, target } = planned;
  const steps = [...planned.steps, ...later];
  return [
    ...resolution,
    ...(steps.length > 0 ? stepReadiness(shoot, steps) : currentState(shoot, capabilities)),
    ...(steps.length > 0 ? confined(shoot, now) : []),
    ...contested(steps, shoot),
    ...steps.flatMap((step) => minor(step, shoot)),
    ...pinned(steps, shoot),
    ...othersReleased(shoot),
    ...(crossesMinors(steps) ? cost(steps, target, shoot) : repeated(steps, shoot)),
    ...leftForLater(later, shoot),
    ...otherRollouts(steps, shoot),
    ...lifetimes(afterSteps(shoot, steps), steps, profile, now),
  ];
}

export function withNotices(plan: Plan, found: readonly Problem[]): Plan {
  return found.length === 0 ? plan : { ...plan, notices: [...plan.notices, ...found] };
}

function crossesMinors(steps: readonly Step[]): boolean {
  return steps.filter(({ kubernetes }) => kubernetes?.minor).length > 1;
}

function leftForLater(later: readonly Step[], shoot: Shoot): readonly Problem[] {
  if (later.length === 0) return [];
  const message = `${shootId(shoot.ref)}: rollout.maxMinors leaves ${later.length === 1 ? "1 step" : `${later.length} steps`} for later runs of \`pulumi up\`; this one ends with state "pending".`;
  return [{ code: "GU068", severity: "info", message }];
}

/** A version that somebody gives a pool while it is held back stays, as any pin. */
function othersReleased(shoot: Shoot): readonly Problem[] {
  return releasedByOthers(shoot).map(({ name, kubernetesVersion: pin }) => {
    const now = pin === undefined ? "follows the control plane again" : `is pinned to Kubernetes ${pin} now`;
    const message = `${shootId(shoot.ref)}: worker pool ${name}, which a rollout was holding back, ${now}; this was not changed by pulumi-gardener, and stays.`;
    return { code: "GU067", severity: "warning", message };
  });
}

function stepReadiness(shoot: Shoot, steps: readonly Step[]): readonly Problem[] {
  const crosses = steps.some(({ kubernetes }) => kubernetes?.minor);
  return readiness(shoot).map((problem) => {
    if (problem.severity === "info") return problem;
    const wait =
      crosses && problem.code === "GU044" ? " A minor upgrade starts only when this is fixed." : "";
    return { ...problem, severity: "warning", message: `${problem.message}${wait}` };
  });
}

/** Nothing is to be written, so all of it is information; except a rollout that has failed. */
function currentState(shoot: Shoot, capabilities: GardenCapabilities): readonly Problem[] {
  if (!hasFailed(shoot)) return readiness(shoot).map((problem) => ({ ...problem, severity: "info" }));
  return [
    {
      code: "GU053",
      severity: "warning",
      message:
        `${shootId(shoot.ref)}: the declared versions are written, but the rollout has failed${details(shoot)}. ` +
        `Gardener does not retry it: fix the cause, then ${howToRetry(shoot.ref, capabilities)}.`,
    },
  ];
}

function confined(shoot: Shoot, now: Date): readonly Problem[] {
  if (!shoot.maintenance.confineSpecUpdateRollout) return [];
  const begin = nextMaintenance(shoot, now)?.begin;
  const when = begin === undefined ? "" : `, which begins at ${describeMoment(begin)}`;
  // The API server raises the generation when hibernation.enabled changes (registry/core/shoot/strategy.go).
  const start = isHibernated(shoot)
    ? "it starts then, or at once when the cluster is woken up"
    : "the rollout starts then";
  const message = `${shootId(shoot.ref)}: confineSpecUpdateRollout keeps the change for the maintenance window${when}; ${start}.`;
  return [{ code: "GU047", severity: "info", message }];
}

/** Another manager applies a field that the step writes, and may revert it. */
function contested(steps: readonly Step[], shoot: Shoot): readonly Problem[] {
  const written = new Set(
    steps.flatMap(({ kubernetes, pools }) => [
      ...(kubernetes ? ["spec.kubernetes.version"] : []),
      ...pools.flatMap(({ name, machineImage }) =>
        machineImage ? [`spec.provider.workers[${name}].machine.image.version`] : [],
      ),
    ]),
  );
  return (shoot.owners ?? [])
    .filter(({ operation, field }) => operation === "Apply" && written.has(field))
    .map(({ manager, field }) => ({
      code: "GU048",
      severity: "warning",
      message: `${shootId(shoot.ref)}: "${manager}" applies ${field} as well and may revert this change; remove the field from what it applies.`,
    }));
}

function minor({ kubernetes }: Step, shoot: Shoot): readonly Problem[] {
  if (!kubernetes?.minor) return [];
  const message = `${shootId(shoot.ref)}: notes for ${minorOf(kubernetes.to)}: ${upgradeNotes(kubernetes.to)}`;
  return [{ code: "GU049", severity: "info", message }];
}

function pinned(steps: readonly Step[], shoot: Shoot): readonly Problem[] {
  const to = steps.flatMap(({ kubernetes }) => kubernetes?.to ?? []).at(-1);
  const heldBack = heldBackPools(shoot);
  return shoot.workers.flatMap(({ name, kubernetesVersion: pin }): readonly Problem[] => {
    if (to === undefined || pin === undefined || heldBack.has(name) || !isNewer(to, pin)) return [];
    const message = `${shootId(shoot.ref)}: worker pool ${name} is pinned and stays on Kubernetes ${pin}.`;
    return [{ code: "GU061", severity: "info", message }];
  });
}

/** With one write per step nodes would be replaced once. */
function repeated(steps: readonly Step[], shoot: Shoot): readonly Problem[] {
  const times = replacedOften(steps);
  if (times.size === 0) return [];
  const pools = shoot.workers.filter(({ name }) => times.has(name));
  const often = (index: number) => times.get(pools[index]?.name ?? "") ?? 0;
  const names = pools.map(({ name }) => name).join(", ");
  const message =
    `${shootId(shoot.ref)}: this garden takes images and Kubernetes one after the other, so the nodes of ` +
    `${names} are replaced twice: ${countNodes(pools, often)} in all.`;
  return [{ code: "GU062", severity: "info", message }];
}
