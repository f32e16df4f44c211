/** The Shoot web of a scene: reads, changes and watches of it. */
import { expect } from "chai";
import type { Garden, ShootEvent } from "../../provider/garden/garden";
import type { Code } from "../../provider/model/codes";
import type { Change } from "../../provider/model/plan";
import { UserError } from "../../provider/model/problem";
import type { Shoot } from "../../provider/model/shoot";
import { shoots } from "../../sandbox/api/resource";
import { map, type JsonMap } from "../../sandbox/json";
import type { Scene } from "./scene";

const NAMESPACE = "garden-demo";
export const REF = { namespace: NAMESPACE, name: "web" };

/** The Shoot as the garden's API server stores it. */
export function stored({ sandbox }: Scene): JsonMap {
  return map(sandbox.garden.store.get(shoots, NAMESPACE, "web"));
}

export async function kubernetes(garden: Garden, version: string): Promise<Change> {
  const shoot = await garden.getShoot(REF);
  return { ...identityOf(shoot), kubernetesVersion: version, workers: [] };
}

export async function image(garden: Garden, version: string, pool = "pool-a"): Promise<Change> {
  const shoot = await garden.getShoot(REF);
  return {
    ...identityOf(shoot),
    workers: [{ name: pool, machineImage: { name: "gardenlinux", version } }],
  };
}

function identityOf({ ref, uid, resourceVersion }: Shoot) {
  return { shoot: ref, uid, resourceVersion };
}

/** The events of a watch until the condition holds. */
export async function watched(
  garden: Garden,
  holds: (event: ShootEvent) => boolean,
): Promise<readonly ShootEvent[]> {
  const seen: ShootEvent[] = [];
  const stop = new AbortController();
  for await (const event of garden.watchShoot(REF, stop.signal)) {
    seen.push(event);
    if (holds(event)) stop.abort();
  }
  return seen;
}

export async function failureOf(promise: Promise<unknown>, code: Code): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new Error(`${code} was expected, and nothing failed`);
}
