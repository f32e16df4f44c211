/** From the declaration to the Shoot that it names and to the plan on that Shoot. */
import type { Garden } from "../garden/garden";
import type { Declaration, ShootReference } from "../model/declaration";
import type { PlanResult } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { plan } from "../plan";

export interface PlannedShoot {
  readonly shoot: Shoot;
  readonly planned: PlanResult;
}

/** Reads the named Shoot. */
export async function findShoot(garden: Garden, reference: ShootReference): Promise<Shoot> {
  return garden.getShoot(await garden.locate(reference));
}

/** Reads the live Shoot and its CloudProfile, and plans on them. */
export async function readAndPlan(
  garden: Garden,
  declaration: Declaration,
  now: Date,
): Promise<PlannedShoot> {
  const shoot = await findShoot(garden, declaration.shoot);
  return { shoot, planned: await planOn(garden, declaration, shoot, now) };
}

/** Reads the CloudProfile of the Shoot, and plans. */
export async function planOn(
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
  now: Date,
): Promise<PlanResult> {
  return plan(declaration, shoot, await garden.getCloudProfile(shoot), now, garden.capabilities);
}
