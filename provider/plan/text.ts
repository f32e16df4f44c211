/** The message that a preview logs for a Shoot. */
import { isObserved } from "../model/operation";
import type { Code } from "../model/codes";
import type { Plan, PlanResult } from "../model/plan";
import { describeProblem, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { visible } from "../model/text";
import { describeStep, summarizeStep } from "./describe";

export interface PlanMessageOptions {
  /** This run writes nothing. */
  readonly adopting: boolean;
  /** Why what is pending may not be started yet. */
  readonly waits?: string;
  /** One line where nothing is pending. */
  readonly brief?: boolean;
  /** Not even that where it is up to date: the message about all Shoots lists it. */
  readonly isListed?: boolean;
}

/**
 * The first line is a summary; warnings are logged on their own.
 *
 * @returns undefined where there is nothing to say.
 */
export function planMessage(
  shoot: Shoot,
  planned: PlanResult,
  options: PlanMessageOptions,
): string | undefined {
  const { name } = shoot.ref;
  if (planned.kind === "refused") {
    return lines(`${name}: refused`, planned.problems.map(describeProblem));
  }
  const { plan } = planned;
  if (plan.steps.length === 0) {
    const unusual = deviation(shoot, plan);
    const { brief = false, isListed = false } = options;
    if (brief && isListed && unusual === undefined) return undefined;
    return lines(`${name}: ${unusual ?? "up to date"}`, brief ? [] : remarks(shoot, plan));
  }
  const waits = options.waits === undefined ? "" : ` (${options.waits})`;
  const summary = `${name}: ${plan.steps.map(summarizeStep).join(", then ")} pending${waits}`;
  return lines(summary, [
    ...stepLines(plan, shoot),
    ...(options.adopting
      ? [
          'this `pulumi up` adopts the Shoot and writes nothing; the next one performs the upgrade (adopt: "upgrade" does both at once)',
        ]
      : []),
    ...remarks(shoot, plan),
  ]);
}

function stepLines({ steps, later }: Plan, shoot: Shoot): readonly string[] {
  const all = [...steps, ...later];
  return all.map((step, index) => {
    const place = all.length > 1 ? `${index + 1}/${all.length} ` : "";
    const when = index < steps.length ? "" : " (in a later run)";
    return `${place}${describeStep(step, shoot)}${when}`;
  });
}

/** Where nothing is to be written: how the Shoot is not up to date yet. */
function deviation(shoot: Shoot, plan: Plan): string | undefined {
  if (plan.notices.some(({ code }) => code === "GU053")) return "declared versions written, rollout failed";
  const { lastOperation } = shoot;
  if (!plan.inFlight) return undefined;
  return isObserved(shoot) && lastOperation
    ? `nothing to write; Gardener reconciles the Shoot (${lastOperation.type}, ${lastOperation.progress} %)`
    : "nothing to write; Gardener has not started to reconcile the last change";
}

/** All but warnings, which are logged on their own, and what `whenNewer: "accept"` suppresses. */
function remarks(shoot: Shoot, { steps, inFlight, notices, offers }: Plan): readonly string[] {
  const prefix = `${shootId(shoot.ref)}: `;
  const information = [...notices, ...offers].filter(
    ({ code, severity }) => severity === "info" && code !== "GU039",
  );
  const text = ({ message }: Problem) =>
    (message.startsWith(prefix) ? message.slice(prefix.length) : message).replace(/\.$/, "");
  // The summary contains the operation in progress.
  const ready = inFlight ? [] : readyLine(steps.length > 0, notices);
  const others = information.filter(({ code }) => !(inFlight && code === "GU044"));
  return [...ready, ...others.map(text)];
}

const obstacles: readonly Code[] = ["GU044", "GU045", "GU053", "GU060"];

function readyLine(pending: boolean, notices: readonly Problem[]): readonly string[] {
  const found = notices.filter(({ code }) => obstacles.includes(code));
  if (found.length === 0) return ["ready: last operation succeeded, all conditions healthy"];
  return pending && found.some(({ severity }) => severity !== "info") ? ["not ready: see the warnings"] : [];
}

function lines(first: string, rest: readonly string[]): string {
  // A line break inside one would look like a line of the plan.
  return [first, ...rest.map((line) => `  ${visible(line)}`)].join("\n");
}
