/** Verifies a plan with the garden in a preview: a dry run of its first step, and the garden's own upgrade check. */
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { Declaration } from "../model/declaration";
import type { DryRunReport } from "../model/dryRun";
import type { Plan, PlanResult } from "../model/plan";
import type { Problem } from "../model/problem";
import type { ReadinessReport } from "../model/readiness";
import type { Shoot } from "../model/shoot";
import { changeFor, withNotices } from "../plan";
import { reportedOutcome } from "./dryRun";
import { dryRunForbidden, dryRunRefused, gardenWarning, noDryRun, notVerified } from "./messages";
import { readAndPlan } from "./resolve";
import { upgradeCheck } from "./upgradeCheck";

interface PlannedOn {
  readonly shoot: Shoot;
  readonly plan: Plan;
}

interface Verification {
  readonly garden: Garden;
  readonly declaration: Declaration;
  readonly clock: Clock;
  /** The plan is shown, and not performed by this `pulumi up`. */
  readonly adopting: boolean;
  /** The dry run that the component has made. */
  readonly report?: DryRunReport;
  /** The garden's own check as the component has requested it. */
  readonly readiness?: ReadinessReport;
}

/** The plan with what the garden reports on it, or the reasons for which it would fail. */
export async function verifyPlan(on: PlannedOn, verification: Verification): Promise<PlanResult> {
  const { garden, adopting, readiness } = verification;
  const tried: PlanResult = adopting
    ? { kind: "plan", plan: on.plan }
    : await verifyByDryRun(on, verification);
  return tried.kind === "refused"
    ? tried
    : upgradeCheck(garden, on.shoot, tried.plan, { adopting, report: readiness });
}

const ATTEMPTS = 5;

/** A dry run of the first step. Where the Shoot has changed meanwhile, it is read and planned again. */
async function verifyByDryRun(
  { shoot, plan }: PlannedOn,
  verification: Verification,
  attempt = 1,
): Promise<PlanResult> {
  const { garden, declaration, clock, report } = verification;
  const [step] = plan.steps;
  if (step === undefined) return { kind: "plan", plan };
  if (!garden.capabilities.dryRun) return planned(plan, [noDryRun(shoot)]);
  const change = changeFor(step, shoot);
  const result = reportedOutcome(report, change) ?? (await garden.dryRun(change));
  switch (result.kind) {
    case "accepted":
      return planned(
        plan,
        result.warnings.map((warning) => gardenWarning(shoot, warning)),
      );
    case "forbidden":
      return planned(plan, [dryRunForbidden(shoot, result.message)]);
    case "refused":
      return { kind: "refused", problems: [dryRunRefused(shoot, result.message)] };
    case "busy":
    case "conflict": {
      if (attempt === ATTEMPTS) return planned(plan, [notVerified(shoot, result.message)]);
      const again = await readAndPlan(garden, declaration, clock.now());
      if (again.planned.kind === "refused") return again.planned;
      return verifyByDryRun({ shoot: again.shoot, plan: again.planned.plan }, verification, attempt + 1);
    }
  }
}

function planned(plan: Plan, notices: readonly Problem[]): PlanResult {
  return { kind: "plan", plan: withNotices(plan, notices) };
}
