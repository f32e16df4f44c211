/**
 * The preflight checks around a plan: in previews their result is shown, and `pulumi up` runs them again before its first write. A
 * component runs them in the program's process, for all of its Shoots in parallel; check uses that result only for the Shoot and the
 * steps that it has found itself, and stays the one that decides.
 */
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { Step } from "../model/plan";
import type { PreflightOptions, PreflightReport, PreflightResult } from "../model/preflight";
import { describeProblem, UserError, type Problem } from "../model/problem";
import { holdReason, shootId, type Shoot } from "../model/shoot";
import {
  blockingProblems,
  preflightMessage,
  review,
  runPreflight,
  waiverProblems,
  workOf,
} from "../preflight";
import type { EngineLog } from "../engine/log";

/** Undefined: nothing would be written. */
export async function reportPreflight(
  garden: Garden,
  steps: readonly Step[],
  shoot: Shoot,
  options: PreflightOptions,
  now: Date,
): Promise<PreflightReport | undefined> {
  if (!wouldWrite(steps, shoot)) return undefined;
  const result = await run(garden, steps, shoot, options, now);
  return { of: keyOf(steps, shoot, options), result };
}

export interface Previewed {
  readonly garden: Garden;
  readonly shoot: Shoot;
  readonly steps: readonly Step[];
  readonly options: PreflightOptions;
  readonly clock: Clock;
  readonly report?: PreflightReport;
}

/** Shows what is found. Returns what stops the upgrade. */
export async function previewPreflight(
  { garden, shoot, steps, options, clock, report }: Previewed,
  log: EngineLog,
  urn: string,
): Promise<readonly Problem[]> {
  if (!wouldWrite(steps, shoot)) return [];
  const known = report?.of === keyOf(steps, shoot, options) ? report.result : undefined;
  const result = known ?? (await run(garden, steps, shoot, options, clock.now()));
  const reviewed = review(result, options, clock.now());
  await log.info(urn, preflightMessage(shoot.ref.name, reviewed));
  for (const problem of waiverProblems(shootId(shoot.ref), reviewed)) {
    if (problem.severity === "warning") await log.warn(urn, describeProblem(problem));
    else await log.info(urn, describeProblem(problem));
  }
  return blockingProblems(shootId(shoot.ref), reviewed);
}

/** Before a write: what stops these steps. */
export async function blockedBy(
  garden: Garden,
  shoot: Shoot,
  steps: readonly Step[],
  options: PreflightOptions,
  label: string,
  clock: Clock,
): Promise<UserError | undefined> {
  if (!wouldWrite(steps, shoot)) return undefined;
  const now = clock.now();
  const reviewed = review(await run(garden, steps, shoot, options, now), options, now);
  const problems = blockingProblems(label, reviewed);
  if (problems.length === 0) return undefined;
  return new UserError("GU070", problems.map(({ message }) => message).join("\n"));
}

function wouldWrite(steps: readonly Step[], shoot: Shoot): boolean {
  return steps.length > 0 && holdReason(shoot) === undefined;
}

function run(
  garden: Garden,
  steps: readonly Step[],
  shoot: Shoot,
  { access }: PreflightOptions,
  now: Date,
): Promise<PreflightResult> {
  return runPreflight(garden, shoot, workOf(steps, shoot), { access, now });
}

/** Waivers and severities do not matter to it: they are applied to the result. */
function keyOf(
  steps: readonly Step[],
  { uid, resourceVersion }: Shoot,
  { access }: PreflightOptions,
): string {
  return JSON.stringify([uid, resourceVersion, steps, access]);
}
