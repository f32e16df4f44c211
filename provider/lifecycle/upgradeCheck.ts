/** The gate that a garden itself keeps before a Kubernetes version, asked in previews: it only reads. */
import type { Garden, UpgradeReadiness } from "../garden/garden";
import type { Plan, PlanResult } from "../model/plan";
import { UserError, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { detailLines } from "../rollout/text";

/** The plan with what the gate says of it; refused where the cluster is not ready and the plan is to be performed. */
export async function upgradeCheck(
  garden: Garden,
  shoot: Shoot,
  plan: Plan,
  { adopting }: { readonly adopting: boolean },
): Promise<PlanResult> {
  const version = plan.steps.flatMap(({ kubernetes }) => kubernetes?.to ?? [])[0];
  if (garden.preparation === undefined || version === undefined) return { kind: "plan", plan };
  let said: readonly Problem[];
  try {
    const answer = await garden.preparation.check(shoot.ref, version);
    said = [...verdict(shoot, version, answer, adopting), ...notes(shoot, version, answer, plan)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    said = [notAsked(shoot, version, error)];
  }
  const problems = said.filter(({ severity }) => severity === "error");
  if (problems.length > 0) return { kind: "refused", problems };
  return { kind: "plan", plan: { ...plan, notices: [...plan.notices, ...said] } };
}

function verdict(
  { ref }: Shoot,
  version: string,
  { outcome, details }: UpgradeReadiness,
  adopting: boolean,
): readonly Problem[] {
  const why = details.length === 0 ? "." : `:${detailLines(details)}`;
  const about = `${shootId(ref)}: the garden's check for Kubernetes ${version}`;
  switch (outcome) {
    case "ready": {
      // What is done to the cluster stands there: sentences to be read.
      const sentences = details.map((detail) => detail.trim()).filter((detail) => detail !== "");
      const ready = { code: "GU040", severity: "info" } as const;
      return [`${about} says ready${sentences.length === 0 ? "." : ":"}`, ...sentences].map((message) => ({
        ...ready,
        message,
      }));
    }
    case "pending":
      return [{ code: "GU044", severity: "warning", message: `${about} says not yet ready${why}` }];
    case "notReady": {
      const message = `${about} says not ready${why}`;
      return [
        {
          code: "GU044",
          severity: adopting ? "warning" : "error",
          property: "kubernetes",
          message: adopting
            ? message
            : `${message}${details.length === 0 ? " " : "\n"}Fix that, then run \`pulumi preview\` again.`,
        },
      ];
    }
  }
}

/** What they link to is not said twice. */
function notes(
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

function notAsked({ ref }: Shoot, version: string, { message }: UserError): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message: `${shootId(ref)}: the garden could not be asked whether the cluster is ready for Kubernetes ${version}: ${message}`,
  };
}
