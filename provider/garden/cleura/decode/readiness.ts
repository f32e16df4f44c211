/** Cleura's word on whether a cluster is ready for a Kubernetes version. */
import { at, list, prose, root } from "../../field";
import type { UpgradeReadiness } from "../../garden";
import { wordOf } from "./required";

/** Published in mixed case: `Success` beside `not_ready`. */
const outcomes = {
  ready: "ready",
  success: "ready",
  pending: "pending",
  not_ready: "notReady",
} as const;

const words = ["not_ready", "pending", "ready", "success"] as const;

export function decodeReadiness(subject: string, value: unknown): UpgradeReadiness {
  const answer = root(`${subject}: its readiness for an upgrade`, value);
  return {
    outcome: outcomes[wordOf(at(answer, "outcome"), words)],
    details: list(at(answer, "details"))
      .map(prose)
      .filter((detail) => detail !== ""),
    notes: prose(at(answer, "upgrade_notes")) || undefined,
  };
}
