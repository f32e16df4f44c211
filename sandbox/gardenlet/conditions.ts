/** What Gardener's care controller says about a Shoot; wording of pkg/gardenlet/controller/shoot/care. */
import type { ConditionStatus } from "../../provider/model/shoot";
import type { JsonObject } from "../client";
import { timestamp } from "../json";
import type { Fault } from "./faults";
import type { GardenletShoot, ObservedCondition } from "./shoot";

interface Verdict {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

const HEALTHY: readonly Verdict[] = [
  {
    type: "APIServerAvailable",
    status: "True",
    reason: "HealthzRequestSucceeded",
    message: "API server /healthz endpoint responded with success status code.",
  },
  {
    type: "ControlPlaneHealthy",
    status: "True",
    reason: "ControlPlaneRunning",
    message: "All control plane components are healthy.",
  },
  {
    type: "ObservabilityComponentsHealthy",
    status: "True",
    reason: "ObservabilityComponentsRunning",
    message: "All observability components are healthy.",
  },
  { type: "EveryNodeReady", status: "True", reason: "EveryNodeReady", message: "All nodes are ready." },
  {
    type: "SystemComponentsHealthy",
    status: "True",
    reason: "SystemComponentsRunning",
    message: "All system components are healthy.",
  },
];

const CONSTRAINTS: readonly Verdict[] = [
  {
    type: "HibernationPossible",
    status: "True",
    reason: "NoProblematicWebhooks",
    message: "All webhooks are properly configured.",
  },
  {
    type: "MaintenancePreconditionsSatisfied",
    status: "True",
    reason: "NoProblematicWebhooks",
    message: "All webhooks are properly configured.",
  },
];

const UNHEALTHY: Readonly<Record<string, Pick<Verdict, "reason" | "message">>> = {
  EveryNodeReady: {
    reason: "NodeUnhealthy",
    message:
      'Node "worker-0" in worker group "default" is unhealthy: condition "Ready" has invalid status False (expected True) due to KubeletNotReady: container runtime is down',
  },
  APIServerAvailable: {
    reason: "HealthzRequestFailed",
    message: "Request to API server /healthz endpoint failed: context deadline exceeded",
  },
};

/** What the conditions come to when all has settled. */
function verdicts(shoot: GardenletShoot, fault: Fault | undefined): readonly Verdict[] {
  const types = HEALTHY.filter(({ type }) => type !== "EveryNodeReady" || shoot.pools.length > 0);
  return types.map((verdict) => {
    if (fault?.kind === "unhealthy" && fault.condition === verdict.type) {
      const found = UNHEALTHY[verdict.type] ?? {
        reason: "Unhealthy",
        message: "The component is not healthy.",
      };
      return { type: verdict.type, status: "False", ...found };
    }
    if (!shoot.hibernationEnabled) return verdict;
    const message = "Shoot cluster has been hibernated.";
    return { type: verdict.type, status: "True", reason: "ConditionNotChecked", message };
  });
}

export function conditionsSettled(shoot: GardenletShoot, fault: Fault | undefined): boolean {
  return verdicts(shoot, fault).every(({ type, status }) =>
    shoot.conditions.some((condition) => condition.type === type && condition.status === status),
  );
}

export function settledConditions(shoot: GardenletShoot, fault: Fault | undefined, now: Date): JsonObject {
  return {
    conditions: verdicts(shoot, fault).map((verdict) => written(verdict, shoot.conditions, now)),
    constraints: CONSTRAINTS.map((verdict) => written(verdict, [], now)),
  };
}

/** After a success Gardener sets what is not False to Progressing and looks again. */
export function progressingConditions(shoot: GardenletShoot, now: Date): readonly JsonObject[] {
  return HEALTHY.filter(({ type }) => type !== "EveryNodeReady" || shoot.pools.length > 0).map((healthy) => {
    const known = shoot.conditions.find((condition) => condition.type === healthy.type);
    const kept = known ?? {
      reason: "ConditionInitialized",
      message: "The condition has been initialized but its semantic check has not been performed yet.",
    };
    const status = known?.status === "False" ? "False" : "Progressing";
    return written(
      { type: healthy.type, status, reason: kept.reason, message: kept.message },
      shoot.conditions,
      now,
    );
  });
}

function written(verdict: Verdict, known: readonly ObservedCondition[], now: Date): JsonObject {
  const before = known.find((condition) => condition.type === verdict.type);
  const same = before?.status === verdict.status ? before.lastTransitionTime : undefined;
  return { ...verdict, lastTransitionTime: same ?? timestamp(now), lastUpdateTime: timestamp(now) };
}
