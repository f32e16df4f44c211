/**
 * Dry runs that the component makes before its resource is registered. The engine calls check for one
 * resource after the other, so a round trip there is paid once per Shoot; constructors run side by side.
 * check stays the one that decides: it uses a result only for the change that it would try itself, on the
 * state of the Shoot that it has read itself.
 */
import type { Garden } from "../garden/garden";
import { isRecord } from "../model/json";
import type { DryRunOutcome, DryRunReport } from "../model/dryRun";
import type { Change, Step } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { changeFor } from "../plan";

/** Undefined: nothing is pending, or check has to find out by itself. */
export async function reportDryRun(
  garden: Garden,
  [step]: readonly Step[],
  shoot: Shoot,
): Promise<DryRunReport | undefined> {
  if (step === undefined || !garden.capabilities.dryRun) return undefined;
  const change = changeFor(step, shoot);
  const result = await garden.dryRun(change);
  switch (result.kind) {
    case "accepted":
      return { change: keyOf(change), outcome: { kind: "accepted", warnings: result.warnings } };
    case "refused":
    case "forbidden":
      return { change: keyOf(change), outcome: { kind: result.kind, message: result.message } };
    case "busy":
    case "conflict":
      return undefined;
  }
}

/** The outcome of this very change, if it is the one that was reported. */
export function reportedOutcome(report: DryRunReport | undefined, change: Change): DryRunOutcome | undefined {
  return report?.change === keyOf(change) ? report.outcome : undefined;
}

export function decodeDryRunReport(value: unknown): DryRunReport | undefined {
  if (!isRecord(value) || typeof value["change"] !== "string" || !isRecord(value["outcome"]))
    return undefined;
  const { kind, message, warnings } = value["outcome"];
  const { change } = value;
  if (kind === "accepted" && Array.isArray(warnings)) {
    return { change, outcome: { kind, warnings: warnings.map(String) } };
  }
  if ((kind === "refused" || kind === "forbidden") && typeof message === "string") {
    return { change, outcome: { kind, message } };
  }
  return undefined;
}

function keyOf({ shoot, uid, resourceVersion, kubernetesVersion, workers }: Change): string {
  return JSON.stringify([shoot, uid, resourceVersion, kubernetesVersion, workers]);
}
