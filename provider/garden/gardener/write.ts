/** Writes versions of a Shoot in one strategic merge patch, so that nodes roll once. */
import type { Change } from "../../model/plan";
import { UserError } from "../../model/problem";
import { encodeRecord } from "../../model/heldBack";
import { ROLLOUT_ANNOTATION, type Shoot } from "../../model/shoot";
import { isRbacRefusal, statusFailure, writeInDoubt, type ApiClient, type ApiStatus } from "../http";
import type { WriteResult } from "../garden";
import { describeShoot, FIELD_MANAGER, paths } from "./api";
import { decodeShoot } from "./decode";
import { unknownShoot } from "./read";

export async function patchShoot(client: ApiClient, change: Change, dryRun: boolean): Promise<WriteResult> {
  const answer = await client.send({
    method: "PATCH",
    path: paths.shoot(change.shoot),
    query: { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: "All" } : {}) },
    body: { type: "application/strategic-merge-patch+json", value: patchOf(change) },
  });
  if (answer.kind === "ok") {
    return {
      kind: "accepted",
      shoot: accepted(answer.body, dryRun),
      warnings: answer.warnings,
      at: answer.date,
    };
  }
  const { status } = answer;
  const message = messageOf(status);
  if (status.writeOutcome === "unknown") throw failureOf(status, change, client);
  if (status.code === 409) return { kind: "conflict", message };
  if (isRbacRefusal(status)) return { kind: "forbidden", message };
  if (status.code === 400 || status.code === 403 || status.code === 422) return { kind: "refused", message };
  if (status.code === 404) throw await unknownShoot(client, change.shoot);
  throw failureOf(status, change, client);
}

function failureOf(status: ApiStatus, { shoot }: Change, { connection }: ApiClient): UserError {
  const request = {
    verb: "patch",
    resource: "shoots",
    namespace: shoot.namespace,
    subject: describeShoot(shoot),
  };
  return statusFailure(status, request, connection);
}

/** A success whose body is not a Shoot may be the answer of a gateway or proxy. */
function accepted(body: unknown, dryRun: boolean): Shoot {
  try {
    return decodeShoot(body);
  } catch (error) {
    throw error instanceof UserError && !dryRun ? writeInDoubt(error) : error;
  }
}

/**
 * With uid and resourceVersion the server answers 409 where the Shoot is another one or has changed.
 * Worker pools are merged by name; a name that the Shoot does not have would add a pool, which the
 * resourceVersion prevents as the names are those of the Shoot as read.
 */
function patchOf(change: Change): unknown {
  const { kubernetesVersion, heldBack } = change;
  const workers = change.workers
    .filter((pool) => pool.machineImage !== undefined || pool.kubernetesVersion !== undefined)
    .map((pool) => ({
      name: pool.name,
      ...(pool.machineImage === undefined
        ? {}
        : { machine: { image: { name: pool.machineImage.name, version: pool.machineImage.version } } }),
      ...(pool.kubernetesVersion === undefined ? {} : { kubernetes: { version: pool.kubernetesVersion } }),
    }));
  if (kubernetesVersion === undefined && workers.length === 0 && heldBack === undefined) {
    throw new Error(`An empty change for ${describeShoot(change.shoot)} would be written`);
  }
  const spec = {
    ...(kubernetesVersion === undefined ? {} : { kubernetes: { version: kubernetesVersion } }),
    ...(workers.length === 0 ? {} : { provider: { workers } }),
  };
  return {
    metadata: {
      uid: change.uid,
      resourceVersion: change.resourceVersion,
      ...(heldBack === undefined ? {} : { annotations: { [ROLLOUT_ANNOTATION]: encodeRecord(heldBack) } }),
    },
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
  };
}

/** The server's message without the prefix `shoots.core.gardener.cloud "web" is forbidden: […]`; every cause is kept. */
function messageOf(status: ApiStatus): string {
  if (status.causes.length > 0) {
    return status.causes
      .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))
      .join("; ");
  }
  if (isRbacRefusal(status)) return status.message;
  const prefixed = /^\S+ "[^"]*" is (?:forbidden|invalid): (.*)$/s.exec(status.message);
  const inner = prefixed?.[1] ?? status.message;
  const listed = /^\[(.*)\]$/s.exec(inner);
  return (listed?.[1] ?? inner) || `${status.code} ${status.reason}`.trim();
}
