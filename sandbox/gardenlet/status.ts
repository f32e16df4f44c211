/** What the gardenlet writes into a Shoot's status, as merge patches; wording of Gardener's shoot reconciler. */
import type { JsonObject } from "../client";
import { timestamp } from "../json";
import { progressingConditions } from "./conditions";
import type { MachineCounts } from "./pools";
import type { GardenletShoot } from "./shoot";

const GARDENER = { id: "sandbox", name: "pulumi-gardener-sandbox", version: "v1.150.0" };
const WORKER_TASK = "Waiting until worker pools have been reconciled";
const TASK_ID = "botanist.waitUntilWorkerReady";

function operationType(shoot: GardenletShoot): string {
  const last = shoot.lastOperation;
  const creating = last === undefined || (last.type === "Create" && last.state !== "Succeeded");
  return creating ? "Create" : "Reconcile";
}

/** In one write: the new generation is never visible together with the old success. */
export function started(shoot: GardenletShoot, now: Date): JsonObject {
  const newCycle = !shoot.retrying || shoot.generation !== shoot.observedGeneration;
  return {
    technicalID: shoot.technicalID,
    uid: shoot.uid,
    gardener: GARDENER,
    hibernated: shoot.lastOperation === undefined ? false : undefined,
    observedGeneration: shoot.generation,
    ...(newCycle ? { retryCycleStartTime: timestamp(now) } : {}),
    lastOperation: {
      type: operationType(shoot),
      state: "Processing",
      progress: 0,
      description: "Reconciliation of Shoot cluster initialized.",
      lastUpdateTime: timestamp(now),
    },
  };
}

export function progressed(progress: number, description: string, now: Date): JsonObject {
  return { lastOperation: { progress, description, lastUpdateTime: timestamp(now) } };
}

/** While pools are reconciled the progress rises from 45 to 90 with the updated nodes. */
export function poolsProgressed(counts: MachineCounts, now: Date): JsonObject {
  const share = counts.updated / Math.max(1, counts.desired + counts.old);
  return progressed(45 + Math.floor(45 * Math.min(1, share)), WORKER_TASK, now);
}

export function succeeded(shoot: GardenletShoot, now: Date): JsonObject {
  return {
    hibernated: shoot.hibernationEnabled,
    retryCycleStartTime: null,
    lastErrors: null,
    lastOperation: {
      type: operationType(shoot),
      state: "Succeeded",
      progress: 100,
      description: "Shoot cluster has been successfully reconciled.",
      lastUpdateTime: timestamp(now),
    },
    conditions: progressingConditions(shoot, now),
  };
}

/** The progress does not change. */
export function failed(
  shoot: GardenletShoot,
  failure: { readonly cause: string; readonly codes: readonly string[]; readonly final: boolean },
  now: Date,
): JsonObject {
  const task =
    `task "${WORKER_TASK}" failed: Error while waiting for Worker ${shoot.technicalID}/${shoot.ref.name} to become ready: ` +
    `error during reconciliation: Error reconciling Worker: Failed while waiting for all machine deployments to be ready: ${failure.cause}`;
  const flow = `Flow "Shoot cluster reconciliation" encountered task errors: [${task}]`;
  return {
    ...(failure.final ? { retryCycleStartTime: null } : {}),
    lastOperation: {
      state: failure.final ? "Failed" : "Error",
      description: failure.final ? flow : `${flow} Operation will be retried.`,
      lastUpdateTime: timestamp(now),
    },
    lastErrors: [
      {
        description: task,
        taskID: TASK_ID,
        ...(failure.codes.length > 0 ? { codes: failure.codes } : {}),
        lastUpdateTime: timestamp(now),
      },
    ],
  };
}

/** What the worker extension reports while it waits: actuator_reconcile.go of Gardener's generic actuator. */
export function waitingText(counts: MachineCounts, pools: number): string {
  const { desired, available, updated, old } = counts;
  if (available >= desired && old > 0 && updated >= desired) {
    return `Waiting until all old machines are drained and terminated. Waiting for ${String(old)} machine(s)...`;
  }
  const pending = Math.max(0, desired - available);
  return (
    `Waiting until machines are available (${String(Math.min(available, desired))}/${String(desired)} desired machine(s) available, ` +
    `${String(updated)}/${String(desired)} machine(s) updated, ${String(pending)} machine(s) pending, 0 preserved failed machine(s), ` +
    `${String(pools)}/${String(pools)} machinedeployments available)...`
  );
}
