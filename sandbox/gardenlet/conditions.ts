/** What Gardener's care controller reports of a Shoot; messages of pkg/gardenlet/controller/shoot/care. */
import type { ConditionStatus } from "../../provider/model/shoot";
import type { JsonObject } from "../client";
import { type JsonMap, timestamp } from "../json";
import type { Fault } from "./faults";
import type { GardenletShoot, ObservedCondition } from "./shoot";

type Condition = Omit<ObservedCondition, "lastTransitionTime">;

const condition = (
  type: string,
  reason: string,
  message: string,
  status: ConditionStatus = "True",
): Condition => ({ type, status, reason, message });

const HEALTHY = [
  condition(
    "APIServerAvailable",
    "HealthzRequestSucceeded",
    "API server /healthz endpoint responded with success status code.",
  ),
  condition("ControlPlaneHealthy", "ControlPlaneRunning", "All control plane components are healthy."),
  condition(
    "ObservabilityComponentsHealthy",
    "ObservabilityComponentsRunning",
    "All observability components are healthy.",
  ),
  condition("EveryNodeReady", "EveryNodeReady", "All nodes are ready."),
  condition("SystemComponentsHealthy", "SystemComponentsRunning", "All system components are healthy."),
];

const CONSTRAINTS = ["HibernationPossible", "MaintenancePreconditionsSatisfied"].map((type) =>
  condition(type, "NoProblematicWebhooks", "All webhooks are properly configured."),
);

const applicable = (shoot: GardenletShoot) =>
  HEALTHY.filter(({ type }) => type !== "EveryNodeReady" || shoot.pools.length > 0);

/** The conditions that care ends with. */
function targetConditions(shoot: GardenletShoot, fault: Fault | undefined): readonly Condition[] {
  return applicable(shoot).map((healthy) => {
    const { type } = healthy;
    if (fault?.kind === "unhealthy" && fault.condition === type) {
      return condition(type, "Unhealthy", "The component is not healthy.", "False");
    }
    if (!shoot.hibernationEnabled) return healthy;
    return condition(type, "ConditionNotChecked", "Shoot cluster has been hibernated.");
  });
}

export function hasTargetConditions(shoot: GardenletShoot, fault: Fault | undefined): boolean {
  return targetConditions(shoot, fault).every(({ type, status }) =>
    shoot.conditions.some((observed) => observed.type === type && observed.status === status),
  );
}

export function careStatus(shoot: GardenletShoot, fault: Fault | undefined, now: Date): JsonObject {
  return {
    conditions: targetConditions(shoot, fault).map((one) => withTimes(one, shoot.conditions, now)),
    constraints: CONSTRAINTS.map((one) => withTimes(one, [], now)),
  };
}

/** After a success Gardener sets what is not False to Progressing, and checks again. */
export function progressingConditions(shoot: GardenletShoot, now: Date): readonly JsonObject[] {
  return applicable(shoot).map(({ type }) => {
    const known = shoot.conditions.find((observed) => observed.type === type) ?? {
      status: undefined,
      reason: "ConditionInitialized",
      message: "The condition has been initialized but its semantic check has not been performed yet.",
    };
    const status = known.status === "False" ? "False" : "Progressing";
    return withTimes(condition(type, known.reason, known.message, status), shoot.conditions, now);
  });
}

function withTimes(target: Condition, observed: readonly ObservedCondition[], now: Date): JsonObject {
  const before = observed.find((one) => one.type === target.type);
  const since = before?.status === target.status ? before.lastTransitionTime : undefined;
  return { ...target, lastTransitionTime: since ?? timestamp(now), lastUpdateTime: timestamp(now) };
}

/** Of a Shoot that has been reconciled and whose conditions are True. */
export function healthyStatus(now: Date): JsonMap {
  const time = timestamp(now);
  const times = { lastTransitionTime: time, lastUpdateTime: time };
  return {
    conditions: HEALTHY.map((one) => ({ ...one, ...times })),
    constraints: CONSTRAINTS.map((one) => ({ ...one, ...times })),
    gardener: { id: "sandbox", name: "sandbox", version: "v1.149.3" },
    hibernated: false,
    lastOperation: {
      type: "Reconcile",
      state: "Succeeded",
      progress: 100,
      description: "Shoot cluster has been successfully reconciled.",
      lastUpdateTime: time,
    },
    observedGeneration: 1,
    uid: "00000000-0000-4000-8000-000000000000",
  };
}
