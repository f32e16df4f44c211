/**
 * The garden's own check before a Kubernetes version, requested in previews: it only reads. A component requests it before its
 * resource is registered, for all of its Shoots in parallel, like the dry run.
 */
import { at, ifUsable, list, oneOf, prose, root, text, type Field } from "../garden/field";
import type { Garden } from "../garden/garden";
import { isRecord } from "../model/json";
import type { Plan, PlanResult, Step } from "../model/plan";
import { UserError, type Problem } from "../model/problem";
import type { ReadinessReport, UpgradeReadiness } from "../model/readiness";
import { shootId, type Shoot } from "../model/shoot";
import { withNotices } from "../plan";
import { detailLines } from "../rollout/text";

/** Undefined: the garden has no such check, or no minor or patch is pending. */
export async function reportReadiness(
  { preparation }: Garden,
  steps: readonly Step[],
  shoot: Shoot,
): Promise<ReadinessReport | undefined> {
  const version = nextVersion(steps);
  if (preparation === undefined || version === undefined) return undefined;
  return { of: keyOf(shoot, version), readiness: await preparation.check(shoot.ref, version) };
}

export interface UpgradeCheckOptions {
  /** The plan is shown, and not performed by this `pulumi up`. */
  readonly adopting: boolean;
  /** Of the component: used if it is of this version for this state of the Shoot. */
  readonly report?: ReadinessReport;
}

/** The plan with the result of the garden's check; refused where the cluster is not ready and the plan is to be performed. */
export async function upgradeCheck(
  garden: Garden,
  shoot: Shoot,
  plan: Plan,
  { adopting, report }: UpgradeCheckOptions,
): Promise<PlanResult> {
  const version = nextVersion(plan.steps);
  if (garden.preparation === undefined || version === undefined) return { kind: "plan", plan };
  const subject = `${shootId(shoot.ref)}: the garden's check for Kubernetes ${version}`;
  let found: readonly Problem[];
  try {
    const readiness =
      report?.of === keyOf(shoot, version)
        ? report.readiness
        : await garden.preparation.check(shoot.ref, version);
    found = [...problemsOf(subject, readiness, adopting), ...notesOf(shoot, version, readiness, plan)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    found = [{ code: "GU043", severity: "warning", message: `${subject} failed: ${error.message}` }];
  }
  const problems = found.filter(({ severity }) => severity === "error");
  if (problems.length > 0) return { kind: "refused", problems };
  return { kind: "plan", plan: withNotices(plan, found) };
}

function nextVersion(steps: readonly Step[]): string | undefined {
  return steps.flatMap(({ kubernetes }) => kubernetes?.to ?? [])[0];
}

function keyOf({ uid, resourceVersion }: Shoot, version: string): string {
  return JSON.stringify([uid, resourceVersion, version]);
}

function problemsOf(
  subject: string,
  { outcome, details }: UpgradeReadiness,
  adopting: boolean,
): readonly Problem[] {
  const reasons = details.length === 0 ? "." : `:${detailLines(details)}`;
  switch (outcome) {
    case "ready": {
      // The details tell a person what will be done to the cluster.
      const sentences = details.map((detail) => detail.trim()).filter((detail) => detail !== "");
      return [`${subject} reports ready${sentences.length === 0 ? "." : ":"}`, ...sentences].map(
        (message) => ({
          code: "GU040",
          severity: "info",
          message,
        }),
      );
    }
    case "pending":
      return [{ code: "GU044", severity: "warning", message: `${subject} reports not yet ready${reasons}` }];
    case "notReady": {
      const message = `${subject} reports not ready${reasons}`;
      if (adopting) return [{ code: "GU044", severity: "warning", property: "kubernetes", message }];
      const fix = `${details.length === 0 ? " " : "\n"}Fix this, then run \`pulumi preview\` again.`;
      return [{ code: "GU044", severity: "error", property: "kubernetes", message: message + fix }];
    }
  }
}

/** The garden's notes on the version, unless the plan has their links already. */
function notesOf(
  { ref }: Shoot,
  version: string,
  { notes: text = "" }: UpgradeReadiness,
  plan: Plan,
): readonly Problem[] {
  const links = text.match(/https?:\/\/[^\s)>\]]+/g) ?? [];
  const known = plan.notices.filter(({ code }) => code === "GU049").map(({ message }) => message);
  const isNew = links.some((link) => !known.some((message) => message.includes(link)));
  if (text.trim() === "" || (links.length > 0 && !isNew)) return [];
  const message = `${shootId(ref)}: the garden's notes for Kubernetes ${version}: ${text.trim()}`;
  return [{ code: "GU049", severity: "info", message }];
}

/** Undefined: there is none, or it is of another version of this package. */
export function decodeReadinessReport(value: unknown): ReadinessReport | undefined {
  if (!isRecord(value)) return undefined;
  const report = root("The report on readiness", value);
  return ifUsable(() => ({
    of: text(at(report, "of")),
    readiness: decodeReadiness(at(report, "readiness")),
  }));
}

function decodeReadiness(readiness: Field): UpgradeReadiness {
  return {
    outcome: oneOf(at(readiness, "outcome"), ["ready", "pending", "notReady"]),
    details: list(at(readiness, "details")).map(prose),
    notes: prose(at(readiness, "notes")) || undefined,
  };
}
