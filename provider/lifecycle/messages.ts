/** What check reports about a plan, one message for each finding: cluster, finding, next action. */
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { sentence } from "../rollout/text";

export function gardenWarning({ ref }: Shoot, warning: string): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message: `${shootId(ref)}: the garden warns: ${sentence(warning)}`,
  };
}

export function noDryRun({ ref }: Shoot): Problem {
  return {
    code: "GU043",
    severity: "info",
    message: `${shootId(ref)}: not verified by the garden, whose API has no dry run.`,
  };
}

/** Other writes, or another operation, came first in each attempt. */
export function notVerified({ ref }: Shoot, reason: string): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message:
      `${shootId(ref)}: the garden has not verified this plan, because the Shoot is being changed at the same time. ` +
      `Run \`pulumi preview\` again to have it verified. The garden reports: ${sentence(reason)}`,
  };
}

export function dryRunForbidden({ ref }: Shoot, reason: string): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message:
      `${shootId(ref)}: the right to patch shoots in the namespace ${ref.namespace} is missing, so the garden has not ` +
      `verified this plan, and \`pulumi up\` would fail. The garden reports: ${sentence(reason)}`,
  };
}

export function dryRunRefused({ ref }: Shoot, reason: string): Problem {
  return {
    code: "GU050",
    severity: "error",
    message: `${shootId(ref)}: the garden would refuse this change: ${sentence(reason)}`,
  };
}

/** @param names of both resources. */
export function declaredTwice({ ref }: Shoot, [first, second]: readonly [string, string]): Problem {
  return {
    code: "GU026",
    severity: "error",
    property: "shoot",
    message: `Shoot ${shootId(ref)} is declared twice in this stack, by "${first}" and by "${second}"; keep one of them.`,
  };
}
