/** ManagedSeeds: Shoots on which the garden runs the control planes of other Shoots. */
import type { ShootRef } from "../../model/shoot";
import { at, optionalText } from "../field";
import type { ApiClient } from "../http";
import { paths } from "./api";
import { listAll } from "./read";

/** A Shoot does not report it; the ManagedSeed of its namespace names it. */
export async function isManagedSeed(client: ApiClient, { namespace, name }: ShootRef): Promise<boolean> {
  const path = paths.managedSeeds(namespace);
  const items = await listAll(client, { path, resource: "managedseeds", namespace });
  return items.some((item) => optionalText(at(item, "spec", "shoot", "name")) === name);
}
