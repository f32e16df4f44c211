/** Is the cluster ready for an upgrade? */
import { isHibernated, isMigrating } from "../model/operation";
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import { HOLD_ANNOTATION, holdReason, shootId, type Condition, type Shoot } from "../model/shoot";
import { truncate } from "../model/text";

/**
 * What prevents an upgrade or should be known; empty: no operation runs and all conditions are healthy. An error stops
 * every write; a warning should be fixed first, and a minor starts only when conditions and operation are healthy.
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
 * A minor of a hibernated Shoot: no API server of that minor runs during hibernation, and the Shoot does not
 * report how many minors have been written since it was hibernated.
 */
export function hibernationProblem(
  shoot: Shoot,
  steps: readonly Step[],
  property: string,
): readonly Problem[] {
  const minor = steps.find(({ kubernetes }) => kubernetes?.minor === true)?.kubernetes;
  if (minor === undefined || !isHibernated(shoot)) return [];
  const message = `${shootId(shoot.ref)} is hibernated, and a minor upgrade (${minor.from} → ${minor.to}) requires a running cluster; wake it up first, or declare a patch of the minor that it runs.`;
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
  if (last === undefined) return [notReady(shoot, "warning", "Gardener has not reconciled it yet")];
  if (isMigrating(shoot)) {
    const text = `the control plane is being migrated to another seed (${last.type}, ${last.progress} %), and Gardener refuses changes until that is complete`;
    const isRunning = last.state === "Processing" || last.state === "Pending";
    return [notReady(shoot, isRunning ? "info" : "warning", `${text}${details(shoot)}`)];
  }
  const what = `the last operation, ${last.type},`;
  const description = details(shoot);
  switch (last.state) {
    case "Succeeded":
      return [];
    case "Pending":
    case "Processing":
      return [notReady(shoot, "info", `${last.type} in progress, ${last.progress} %${description}`)];
    case "Error":
      return [notReady(shoot, "warning", `${what} reported an error, and Gardener retries it${description}`)];
    case "Failed":
    case "Aborted":
      return [
        notReady(
          shoot,
          "warning",
          `${what} has ${last.state === "Failed" ? "failed" : "been aborted"}${description}`,
        ),
      ];
  }
}

/** What Gardener reports about its last operation, in one line. */
export function details(shoot: Shoot): string {
  const { lastErrors, lastOperation } = shoot;
  const text = lastErrors[0]?.description ?? lastOperation?.description ?? "";
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "";
  return `: ${truncate(line, 200)}`;
}

function hibernation(shoot: Shoot): readonly Problem[] {
  const { enabled, hibernated } = shoot.hibernation;
  if (!enabled && !hibernated) return [];
  const text = enabled
    ? "hibernated; its nodes get the new versions when it wakes up"
    : "waking up from hibernation";
  return [notReady(shoot, "info", text)];
}

function conditions(shoot: Shoot): readonly Problem[] {
  return shoot.conditions
    .filter(({ status }) => status !== "True")
    .map((condition) =>
      // After each success Gardener sets conditions to Progressing until it has checked them again.
      notReady(
        shoot,
        condition.status === "Progressing" ? "info" : "warning",
        `condition ${describe(condition)}`,
      ),
    );
}

/**
 * Most appear only while they are violated. HibernationPossible does not concern an upgrade, and a constraint that was
 * not checked, because the control plane does not run, is not violated.
 */
function constraints(shoot: Shoot): readonly Problem[] {
  return shoot.constraints
    .filter(
      ({ type, status, reason }) =>
        status === "False" && type !== "HibernationPossible" && reason !== "ConstraintNotChecked",
    )
    .map((constraint): Problem => ({
      code: "GU060",
      severity: "warning",
      message: `${shootId(shoot.ref)}: constraint ${describe(constraint)}${consequences[constraint.type] ?? ""}.`,
    }));
}

/** What a constraint means for an upgrade, where its own message does not name that. */
const consequences: Readonly<Record<string, string>> = {
  // docs/usage/shoot/shoot_machine_preservation.md
  PreservedFailedMachinesAbsent:
    "; a preserved machine is not replaced and never gets the new version, so the rollout is not complete before its preservation ends",
  // Its name before Gardener 1.150: HasIgnoredManagedResources.
  ManagedResourcesHonored: ignoredResources(),
  HasIgnoredManagedResources: ignoredResources(),
};

function ignoredResources(): string {
  return "; components whose ManagedResources are ignored are not updated with the cluster";
}

function describe({ type, status, reason, message }: Condition): string {
  const why = (message || reason).trim().replace(/\.$/, "");
  return `${type} is ${status}${why === "" ? "" : ` (${why})`}`;
}

function notReady(shoot: Shoot, severity: Problem["severity"], text: string): Problem {
  return { code: "GU044", severity, message: `${shootId(shoot.ref)}: ${text.replace(/\.$/, "")}.` };
}
