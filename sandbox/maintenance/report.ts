/** The text of `status.lastMaintenance`: `buildMaintenanceMessages` of Gardener's maintenance reconciler. */
import type { Maintained, Update } from "./maintain";

export interface Report {
  readonly description: string;
  /** Empty: nothing has failed. */
  readonly failureReason: string;
}

/** `operations`: messages about further operations. */
export function report(
  { controlPlane, poolVersions, poolImages, removed }: Omit<Maintained, "shoot">,
  operations: readonly string[],
): Report {
  const pool = (name: string) => `Worker pool ${JSON.stringify(name)}`;
  const maintenance = "Kubernetes maintenance failure due to: ";
  const parts = [
    ...(controlPlane === undefined
      ? []
      : [describe("Control Plane", controlPlane, "Kubernetes version update failed", maintenance)]),
    ...poolVersions.map((one) =>
      describe(pool(one.pool), one.update, "Kubernetes version maintenance failed", maintenance),
    ),
    ...poolImages.map((one) =>
      describe(pool(one.pool), one.update, "machine image version maintenance failed", ""),
    ),
  ];
  const failures = parts.flatMap(({ failure }) => failure ?? []);
  const summary =
    failures.length === 0
      ? "All maintenance operations successful."
      : `(${parts.length - failures.length}/${parts.length}) maintenance operations successful.`;
  const description = [...parts.map((part) => part.description), ...removed, ...operations].join(", ");
  return { description: `${summary} ${description}`.trimEnd(), failureReason: failures.join(", ") };
}

function describe(
  subject: string,
  update: Update,
  failed: string,
  cause: string,
): { readonly description: string; readonly failure?: string } {
  if (update.kind === "done") {
    return { description: `${subject}: ${update.description}. Reason: ${update.reason}` };
  }
  return {
    description: `${subject}: ${failed}. Reason for update: ${update.reason}`,
    failure: `${subject}: ${cause}${update.problem}`,
  };
}
