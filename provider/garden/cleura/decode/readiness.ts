/** Whether Cleura reports a cluster as ready for a Kubernetes version. */
import { at, list, prose, root } from "../../field";
import type { UpgradeReadiness } from "../../../model/readiness";
import { enumValue } from "./required";

/** In mixed case in the OpenAPI document: `Success` beside `not_ready`. */
const outcomes = {
  ready: "ready",
  success: "ready",
  pending: "pending",
  not_ready: "notReady",
} as const;

const published = ["not_ready", "pending", "ready", "success"] as const;

export function decodeReadiness(subject: string, value: unknown): UpgradeReadiness {
  const answer = root(`${subject}: its readiness for an upgrade`, value);
  const details = at(answer, "details");
  return {
    outcome: outcomes[enumValue(at(answer, "outcome"), published)],
    details: (typeof details.value === "string" ? [details] : list(details))
      .map(prose)
      .filter((detail) => detail !== ""),
    notes: prose(at(answer, "upgrade_notes")) || undefined,
  };
}
