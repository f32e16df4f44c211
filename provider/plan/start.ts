/** When the rollout of what is pending may be started: after other rollouts, in a window, not before a moment. */
import type { Declaration, Predecessor, StartConditions } from "../model/declaration";
import { formatDuration } from "../model/duration";
import { describeEarliest } from "../model/moment";
import { isHibernated } from "../model/operation";
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { nextWindow } from "./window";

export type Start =
  /** @param until end of the maintenance window that it has to be started in. */
  | { readonly kind: "open"; readonly until?: Date }
  /**
   * What is pending stays pending.
   * @param reason as in: pending (after canary, not before 2026-12-03 09:12 UTC).
   * @param earliest absent: not known, since a rollout that comes first is not complete.
   */
  | { readonly kind: "closed"; readonly reason: string; readonly earliest?: Date };

export function startOf(conditions: StartConditions | undefined, shoot: Shoot, now: Date): Start {
  if (conditions === undefined) return { kind: "open" };
  if (conditions.skipHibernated && isHibernated(shoot)) {
    return { kind: "closed", reason: "the Shoot is hibernated (rollout.skipHibernated)" };
  }
  const { after, soakMs, when, notBefore } = conditions;
  const incomplete = after.filter(({ completedAt }) => completedAt === undefined);
  if (incomplete.length > 0)
    return { kind: "closed", reason: `${soakTime(soakMs)}after ${whoseRollouts(incomplete)}` };
  const soaked = after.map((one) => ({ ...one, until: (one.completedAt?.getTime() ?? 0) + soakMs }));
  const soaking = soaked.filter(({ until }) => until > now.getTime());
  const times = [now.getTime(), notBefore?.getTime() ?? 0, ...soaking.map(({ until }) => until)];
  const begin = new Date(Math.max(...times));
  const { timeWindow } = shoot.maintenance;
  const window = when === "maintenanceWindow" && timeWindow ? nextWindow(timeWindow, begin) : undefined;
  const earliest = window !== undefined && window.begin > begin ? window.begin : begin;
  if (earliest <= now) return { kind: "open", ...(window && { until: window.end }) };
  const reasons = [
    ...(soaking.length > 0 ? [`after ${names(soaking)}`] : []),
    ...(window === undefined ? [] : ["in its maintenance window"]),
    `not before ${describeEarliest(earliest)}`,
  ];
  return { kind: "closed", reason: reasons.join(", "), earliest };
}

/** Why what is pending may not be started yet; undefined: it may be, or nothing is pending. */
export function waitingReason(
  { rollout }: Pick<Declaration, "rollout">,
  shoot: Shoot,
  steps: readonly Step[],
  now: Date,
): string | undefined {
  if (steps.length === 0) return undefined;
  const start = startOf(rollout.start, shoot, now);
  return start.kind === "closed" ? start.reason : undefined;
}

/** A window that is required and does not exist never opens. */
export function startProblems(conditions: StartConditions | undefined, shoot: Shoot): readonly Problem[] {
  if (conditions?.when !== "maintenanceWindow") return [];
  const { timeWindow } = shoot.maintenance;
  if (timeWindow !== undefined && nextWindow(timeWindow, new Date(0)) !== undefined) return [];
  const found = timeWindow === undefined ? "none" : `${timeWindow.begin} to ${timeWindow.end}`;
  const message =
    `${shootId(shoot.ref)}: the maintenance window of the Shoot cannot be used: found ${found}, expected a begin and an end such ` +
    'as 220000+0100 in spec.maintenance.timeWindow. Set it in the Shoot, or leave out rollout.when: "maintenanceWindow".';
  return [{ code: "GU080", severity: "error", property: "rollout.when", message }];
}

function soakTime(ms: number): string {
  return ms === 0 ? "" : `${formatDuration(ms)} `;
}

function whoseRollouts(predecessors: readonly Predecessor[]): string {
  return `${names(predecessors)}, whose ${predecessors.length === 1 ? "rollout is" : "rollouts are"} not complete`;
}

function names(predecessors: readonly Predecessor[]): string {
  const known = predecessors.flatMap(({ name }) => name ?? []);
  if (known.length === predecessors.length) return known.join(", ");
  return predecessors.length === 1 ? "another Shoot" : `${predecessors.length} other Shoots`;
}
