/** What `status.lastMaintenance` says: `buildMaintenanceMessages` of Gardener's maintenance reconciler. */
import type { Maintained, PoolUpdate, Update } from "./maintain";

export interface Report {
  readonly description: string;
  /** Empty: nothing has failed. */
  readonly failureReason: string;
}

export function report(
  { controlPlane, poolVersions, poolImages, removed }: Omit<Maintained, "shoot">,
  /** Further operations, in words. */
  operations: readonly string[],
): Report {
  const updates = [
    ...(controlPlane === undefined ? [] : [controlPlane]),
    ...poolVersions.map(({ update }) => update),
    ...poolImages.map(({ update }) => update),
  ];
  const failures = updates.filter((update) => update.kind === "failed").length;
  const parts = [
    ...(controlPlane === undefined ? [] : [describeControlPlane(controlPlane)]),
    ...poolVersions.map((one) => describePool(one, "Kubernetes version")),
    ...poolImages.map((one) => describePool(one, "machine image version")),
  ];
  const summary =
    failures === 0
      ? "All maintenance operations successful."
      : `(${String(updates.length - failures)}/${String(updates.length)}) maintenance operations successful.`;
  const description = [...parts.map((part) => part.description), ...removed, ...operations].join(", ");
  return {
    description: `${summary} ${description}`.trimEnd(),
    failureReason: parts
      .map((part) => part.failure)
      .filter((failure) => failure !== "")
      .join(", "),
  };
}

interface Part {
  readonly description: string;
  readonly failure: string;
}

function describeControlPlane(update: Update): Part {
  if (update.kind === "done") {
    return { description: `Control Plane: ${update.description}. Reason: ${update.reason}`, failure: "" };
  }
  return {
    description: `Control Plane: Kubernetes version update failed. Reason for update: ${update.reason}`,
    failure: `Control Plane: Kubernetes maintenance failure due to: ${update.problem}`,
  };
}

function describePool(
  { pool, update }: PoolUpdate,
  what: "Kubernetes version" | "machine image version",
): Part {
  const name = `Worker pool ${JSON.stringify(pool)}`;
  if (update.kind === "done") {
    return { description: `${name}: ${update.description}. Reason: ${update.reason}`, failure: "" };
  }
  return {
    description: `${name}: ${what} maintenance failed. Reason for update: ${update.reason}`,
    failure:
      what === "Kubernetes version"
        ? `${name}: Kubernetes maintenance failure due to: ${update.problem}`
        : `${name}: ${update.problem}`,
  };
}
