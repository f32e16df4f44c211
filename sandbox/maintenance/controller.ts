/** One maintenance of one Shoot, through the garden's API; nothing is written that a dry run refuses. */
import type { Client, JsonObject } from "../client";
import { clone, type JsonMap, map, textAt, timestamp } from "../json";
import { cloudProfileNameOf } from "../strategy/defaults";
import { isMaintenanceRequested, setOperation, withoutOperation } from "./annotations";
import { maintain } from "./maintain";
import { report } from "./report";

const API = "/apis/core.gardener.cloud/v1beta1";

export function shootPath(shoot: JsonMap): string {
  return `${API}/namespaces/${textAt(shoot, "metadata", "namespace")}/shoots/${textAt(shoot, "metadata", "name")}`;
}

async function profileOf(garden: Client, shoot: JsonMap): Promise<JsonMap> {
  return map((await garden.get(`${API}/cloudprofiles/${cloudProfileNameOf(shoot)?.name ?? ""}`)).spec);
}

export async function maintainShoot(garden: Client, shoot: JsonMap, now: Date): Promise<void> {
  const path = shootPath(shoot);
  const writeStatus = (status: JsonObject, metadata: JsonObject = {}): Promise<JsonMap> =>
    garden.patch(`${path}/status`, "merge", { metadata, status });
  const maintained = maintain(shoot, await profileOf(garden, shoot), now);
  const target = clone(maintained.shoot);
  const operation = setOperation(target);
  const operations = operation === "" ? [] : [`Added ${JSON.stringify(operation)} operation annotation`];
  const { controlPlane, poolVersions, poolImages, removed } = maintained;
  const { description, failureReason } = report(maintained, operations);
  const isReported =
    controlPlane !== undefined ||
    [...poolVersions, ...poolImages].length > 0 ||
    [...removed, ...operations].length > 0;
  let latest = shoot;
  if (isReported) {
    const triggeredTime = timestamp(now);
    const refusal = await refusalOf(garden, path, target);
    if (refusal !== undefined) {
      const failed = {
        description: "Maintenance failed",
        state: "Failed",
        failureReason: `Updates to the Shoot failed to be applied: ${refusal}`,
        triggeredTime,
      };
      // The annotation is removed, so that maintenance can be requested again after a fix.
      const metadata = isMaintenanceRequested(shoot) ? { annotations: withoutOperation } : {};
      await writeStatus({ lastMaintenance: failed }, metadata);
      return;
    }
    const state = failureReason === "" ? "Processing" : "Failed";
    latest = await writeStatus({
      lastMaintenance: { description, triggeredTime, state, failureReason: failureReason || null },
    });
  }
  const update = { ...clone(latest), spec: clone(map(maintained.shoot.spec)) };
  setOperation(update);
  const updated = await garden.put(path, update);
  const state = textAt(updated, "status", "lastMaintenance", "state");
  if (!isReported && state === "Failed") {
    await writeStatus({
      lastMaintenance: { state: "Succeeded", description: "Maintenance succeeded", failureReason: null },
    });
  } else if (state === "Processing") {
    await writeStatus({ lastMaintenance: { state: "Succeeded" } });
  }
}

async function refusalOf(garden: Client, path: string, target: JsonMap): Promise<string | undefined> {
  try {
    await garden.put(path, target, { dryRun: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
