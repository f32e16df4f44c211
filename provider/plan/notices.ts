/** What a person should know about a plan; nothing of it stops the plan. */
import { hasFailed } from "../model/operation";
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { afterSteps } from "./change";
import { nextMaintenance } from "./forecast";
import { availability } from "./availability";
import { howToRetry } from "./retry";
import { upgradeNotes } from "./notes";
import { details, readiness } from "./readiness";
import { countNodes, replacedOften } from "./steps";
import { isNewer, minorOf } from "./versions";

export interface Draft {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly now: Date;
  readonly hops: readonly Step[];
  /** Resolving the declaration has said these already. */
  readonly said: readonly Problem[];
  readonly capabilities: GardenCapabilities;
}

export function notices(draft: Draft): readonly Problem[] {
  const { shoot, profile, now, hops: steps, said, capabilities } = draft;
  return [
    ...said,
    ...(steps.length > 0 ? readyForStep(shoot, steps) : readyAnyway(shoot, capabilities)),
    ...steps.flatMap((step) => [
      ...confined(shoot, now),
      ...contested(step, shoot),
      ...minor(step, shoot),
      ...pinned(step, shoot),
    ]),
    ...repeated(steps, shoot),
    ...availability(afterSteps(shoot, steps), steps, profile, now),
  ];
}

function readyForStep(shoot: Shoot, steps: readonly Step[]): readonly Problem[] {
  const crosses = steps.some(({ kubernetes }) => kubernetes?.minor);
  return readiness(shoot).map((problem) => {
    if (problem.severity === "info") return problem;
    const wait =
      crosses && problem.code === "GU044" ? " A minor upgrade starts only once that is mended." : "";
    return { ...problem, severity: "warning", message: `${problem.message}${wait}` };
  });
}

/** Nothing is to be written, so most of it is only worth a line; a rollout that has failed is not. */
function readyAnyway(shoot: Shoot, capabilities: GardenCapabilities): readonly Problem[] {
  if (!hasFailed(shoot)) return readiness(shoot).map((problem) => ({ ...problem, severity: "info" }));
  return [
    {
      code: "GU053",
      severity: "warning",
      message:
        `${shootId(shoot.ref)}: the declared versions are written, but Gardener has given up on rolling them out${details(shoot)}. ` +
        `It does not try again by itself: mend the cause, then ${howToRetry(shoot.ref, capabilities)}.`,
    },
  ];
}

function confined(shoot: Shoot, now: Date): readonly Problem[] {
  if (!shoot.maintenance.confineSpecUpdateRollout) return [];
  const begin = nextMaintenance(shoot, now)?.begin.toISOString();
  const when = begin === undefined ? "" : `, which opens at ${begin.slice(0, 10)} ${begin.slice(11, 16)} UTC`;
  const message = `${shootId(shoot.ref)}: its changes are confined to the maintenance window${when}; nothing rolls before.`;
  return [{ code: "GU047", severity: "info", message }];
}

/** Someone else keeps applying a field that the step writes: it would come back. */
function contested(step: Step, shoot: Shoot): readonly Problem[] {
  const written = new Set([
    ...(step.kubernetes ? ["spec.kubernetes.version"] : []),
    ...step.pools.flatMap(({ name, machineImage }) =>
      machineImage ? [`spec.provider.workers[${name}].machine.image.version`] : [],
    ),
  ]);
  return (shoot.owners ?? [])
    .filter(({ operation, field }) => operation === "Apply" && written.has(field))
    .map(({ manager, field }) => ({
      code: "GU048",
      severity: "warning",
      message: `${shootId(shoot.ref)}: "${manager}" applies ${field} as well and may undo this change; take the field out of what it applies.`,
    }));
}

function minor({ kubernetes }: Step, shoot: Shoot): readonly Problem[] {
  if (!kubernetes?.minor) return [];
  const message = `${shootId(shoot.ref)}: notes for ${minorOf(kubernetes.to)}: ${upgradeNotes(kubernetes.to)}`;
  return [{ code: "GU049", severity: "info", message }];
}

function pinned({ kubernetes }: Step, shoot: Shoot): readonly Problem[] {
  if (kubernetes === undefined) return [];
  return shoot.workers.flatMap(({ name, kubernetesVersion: pin }): readonly Problem[] => {
    if (pin === undefined || !isNewer(kubernetes.to, pin)) return [];
    const message = `${shootId(shoot.ref)}: worker pool ${name} is pinned and stays on Kubernetes ${pin}.`;
    return [{ code: "GU061", severity: "info", message }];
  });
}

/** One write could have spared it. */
function repeated(steps: readonly Step[], shoot: Shoot): readonly Problem[] {
  const times = replacedOften(steps);
  if (times.size === 0) return [];
  const pools = shoot.workers.filter(({ name }) => times.has(name));
  const often = (index: number) => times.get(pools[index]?.name ?? "") ?? 0;
  const names = pools.map(({ name }) => name).join(", ");
  const message =
    `${shootId(shoot.ref)}: this garden takes images and Kubernetes one after the other, so the nodes of ` +
    `${names} are replaced ${Math.max(...times.values()) === 2 ? "twice" : "several times"}: ${countNodes(pools, often)} in all.`;
  return [{ code: "GU062", severity: "info", message }];
}
