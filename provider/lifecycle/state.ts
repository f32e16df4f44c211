/**
 * What Pulumi keeps of a RollingUpgrade: inputs (the targets) and outputs (what runs), as plain
 * JSON. The names are part of the state of every user's stack: never rename one.
 */
import { decodeLocation } from "../declaration/location";
import type { GardenLocation } from "../model/location";
import type { ResolvedTarget, WorkerVersions } from "../model/plan";
import { RolloutState } from "../model/enums";
import { shootId, type Shoot, type ShootRef } from "../model/shoot";
import { isRecord } from "../model/json";
import { decodeApiServer, type ApiServer } from "./api-server";

/** What check returns to the engine: which Shoot, and the versions that it is to run. */
export interface Inputs extends ResolvedTarget {
  /** `namespace/name`. */
  readonly shoot: string;
  /** The cluster that was adopted; another one under the same name is not touched. */
  readonly shootUid: string;
  /** Where the garden and its credentials are found, as the program declares it. */
  readonly garden?: GardenLocation;
  /** Absent: not found yet. */
  readonly apiServer?: ApiServer;
}

/** The outputs: the versions that run, under the same names as the targets. */
export interface State extends Inputs, Completion {
  readonly target: ResolvedTarget;
  readonly state: RolloutState;
}

/** Of the last rollout, as it is kept in state. */
export interface Completion {
  /** When the rollout to the target was verified, in ISO 8601; empty: it is not complete. */
  readonly completedAt: string;
  /** Of the last rollout that was performed; absent: none was. */
  readonly rolloutSeconds?: number;
}

/** Pulumi's placeholder for a value that is not known yet (sdk/nodejs/runtime/rpc.ts, `unknownValue`). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isRecord(value) && Object.values(value).some(containsUnknown);
}

/** The inputs while a part of the declaration is not known: all that there will be, which a saved plan holds `pulumi up` to. */
export function unknownInputs(declaration: unknown): Record<string, string> {
  const isGardenDeclared = isRecord(declaration) && declaration["garden"] !== undefined;
  return {
    shoot: UNKNOWN,
    shootUid: UNKNOWN,
    ...(isGardenDeclared && { garden: UNKNOWN }),
    apiServer: UNKNOWN,
    kubernetesVersion: UNKNOWN,
    workers: UNKNOWN,
  };
}

export function inputsOf(
  { ref, uid }: Shoot,
  location: GardenLocation,
  target: ResolvedTarget,
  apiServer: ApiServer | undefined,
): Inputs {
  const garden = Object.keys(location).length > 0 ? { garden: location } : {};
  return {
    shoot: shootId(ref),
    shootUid: uid,
    ...garden,
    ...(apiServer !== undefined && { apiServer }),
    ...versionsOf(target),
  };
}

/** Of a target that has more properties, such as those of inputs. */
export function versionsOf({ kubernetesVersion, workers, downgrades }: ResolvedTarget): ResolvedTarget {
  return { kubernetesVersion, workers, ...(downgrades !== undefined && { downgrades }) };
}

export function refOf(shoot: string): ShootRef {
  const slash = shoot.indexOf("/");
  return { namespace: shoot.slice(0, slash), name: shoot.slice(slash + 1) };
}

/** @throws Error for a value that only a damaged state can contain. */
export function decodeInputs(value: unknown): Inputs {
  const { shoot, shootUid } = isRecord(value) ? value : {};
  if (!isRecord(value) || typeof shoot !== "string" || !shoot.includes("/") || typeof shootUid !== "string") {
    throw new Error("The inputs of a RollingUpgrade name no Shoot.");
  }
  const garden = decodeLocation(value["garden"]);
  const apiServer = decodeApiServer(value["apiServer"]);
  return {
    shoot,
    shootUid,
    ...(garden && { garden }),
    ...(apiServer && { apiServer }),
    ...decodeTarget(value),
  };
}

/** Old inputs as check receives them: empty before the first `up`. */
export function decodeOldInputs(value: unknown): Inputs | undefined {
  if (!isRecord(value) || !("shoot" in value) || containsUnknown(value)) return undefined;
  return decodeInputs(value);
}

/** @throws Error for a value that only a damaged state can contain. */
export function decodeState(value: unknown): State {
  const inputs = decodeInputs(value);
  const record = isRecord(value) ? value : {};
  const { state, completedAt, rolloutSeconds } = record;
  const known = Object.values(RolloutState).find((value) => value === state) ?? RolloutState.UpToDate;
  return {
    ...inputs,
    target: decodeTarget(record["target"]),
    state: known,
    completedAt: typeof completedAt === "string" ? completedAt : "",
    ...(typeof rolloutSeconds === "number" && { rolloutSeconds }),
  };
}

function decodeTarget(value: unknown): ResolvedTarget {
  if (!isRecord(value) || typeof value["kubernetesVersion"] !== "string" || !isRecord(value["workers"])) {
    throw new Error("The state of a RollingUpgrade has no versions.");
  }
  const pools = Object.entries(value["workers"]).map(([name, pool]): [string, WorkerVersions] => {
    const image = isRecord(pool) ? pool["machineImage"] : undefined;
    if (
      !isRecord(pool) ||
      !isRecord(image) ||
      typeof pool["kubernetesVersion"] !== "string" ||
      typeof image["name"] !== "string" ||
      typeof image["version"] !== "string"
    ) {
      throw new Error(`The state of a RollingUpgrade has no versions of worker pool ${name}.`);
    }
    return [
      name,
      {
        kubernetesVersion: pool["kubernetesVersion"],
        machineImage: { name: image["name"], version: image["version"] },
      },
    ];
  });
  const downgrades = value["downgrades"];
  return {
    kubernetesVersion: value["kubernetesVersion"],
    workers: Object.fromEntries(pools),
    ...(Array.isArray(downgrades) && { downgrades: downgrades.map(String) }),
  };
}
