/** Is the cluster ready for an upgrade? */
import { isHibernated } from "../model/operation";
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { HOLD_ANNOTATION, holdReason, shootId, type Condition, type Shoot } from "../model/shoot";
import { truncate } from "../model/text";

/**
 * What stands in the way, or should be known; empty: at rest and healthy. An error stops every write;
 * a warning should be mended first, and a minor waits until a condition or an operation is.
 */
export function readiness(shoot: Shoot): readonly Problem[] {
  return [
    ...deletion(shoot),
    ...hold(shoot),
    ...operation(shoot),
    ...hibernation(shoot),
    ...conditions(shoot),
    ...constraints(shoot),
  ];
}

export function deletion(shoot: Shoot): readonly Problem[] {
  if (shoot.deletionTimestamp === undefined) return [];
  const message = `${shootId(shoot.ref)} is being deleted, and Gardener refuses changes to it; take it out of the program.`;
  return [{ code: "GU030", severity: "error", property: "shoot", message }];
}

/**
 * A minor of a hibernated Shoot: while it sleeps no API server of that minor ever runs, and nothing
 * in the Shoot tells how many it has slept through already.
 */
export function hibernationProblem(
  shoot: Shoot,
  steps: readonly Step[],
  property: string,
): readonly Problem[] {
  const minor = steps.find(({ kubernetes }) => kubernetes?.minor === true)?.kubernetes;
  if (minor === undefined || !isHibernated(shoot)) return [];
  const message = `${shootId(shoot.ref)} is hibernated, and a minor (${minor.from} → ${minor.to}) is not crossed asleep; wake it up first, or declare a patch of the minor that it runs.`;
  return [{ code: "GU044", severity: "error", property, message }];
}

function hold(shoot: Shoot): readonly Problem[] {
  const reason = holdReason(shoot);
  if (reason === undefined) return [];
  const why = reason === "" ? "" : `: "${reason}"`;
  const message = `${shootId(shoot.ref)} is held by the annotation ${HOLD_ANNOTATION}${why}; nothing is written while it is there.`;
  return [{ code: "GU045", severity: "error", message }];
}

function operation(shoot: Shoot): readonly Problem[] {
  const { lastOperation: last } = shoot;
  if (last === undefined) return [notReady(shoot, "warning", "Gardener has not worked on it yet")];
  const what = `the last operation, ${last.type},`;
  const said = details(shoot);
  switch (last.state) {
    case "Succeeded":
      return [];
    case "Pending":
    case "Processing":
      return [notReady(shoot, "info", `${last.type} in progress, ${last.progress} %${said}`)];
    case "Error":
      return [notReady(shoot, "warning", `${what} met an error, and Gardener tries again${said}`)];
    case "Failed":
    case "Aborted":
      return [
        notReady(
          shoot,
          "warning",
          `${what} has ${last.state === "Failed" ? "failed" : "been aborted"}${said}`,
        ),
      ];
  }
}

/** What Gardener says of its last operation, in one line. */
export function details(shoot: Shoot): string {
  const { lastErrors, lastOperation } = shoot;
  const said = lastErrors[0]?.description ?? lastOperation?.description ?? "";
  const line = said.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "";
  return `: ${truncate(line, 200)}`;
}

function hibernation(shoot: Shoot): readonly Problem[] {
  const { enabled, hibernated } = shoot.hibernation;
  if (!enabled && !hibernated) return [];
  const text = enabled
    ? "hibernated; its nodes take new versions when it wakes up"
    : "waking up from hibernation";
  return [notReady(shoot, "info", text)];
}

function conditions(shoot: Shoot): readonly Problem[] {
  return shoot.conditions
    .filter(({ status }) => status !== "True")
    .map((condition) =>
      // After each success Gardener sets conditions to Progressing until it has looked again.
      notReady(
        shoot,
        condition.status === "Progressing" ? "info" : "warning",
        `condition ${describe(condition)}`,
      ),
    );
}

/** Most appear only while they are violated. Whether the Shoot could hibernate is no matter here. */
function constraints(shoot: Shoot): readonly Problem[] {
  return shoot.constraints
    .filter(({ type, status }) => status === "False" && type !== "HibernationPossible")
    .map((constraint): Problem => ({
      code: "GU060",
      severity: "warning",
      message: `${shootId(shoot.ref)}: constraint ${describe(constraint)}.`,
    }));
}

function describe({ type, status, reason, message }: Condition): string {
  const why = (message || reason).trim().replace(/\.$/, "");
  return `${type} is ${status}${why === "" ? "" : ` (${why})`}`;
}

function notReady(shoot: Shoot, severity: Problem["severity"], text: string): Problem {
  return { code: "GU044", severity, message: `${shootId(shoot.ref)}: ${text.replace(/\.$/, "")}.` };
}
