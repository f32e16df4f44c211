/** A look inside a Shoot with an administrator's kubeconfig, the only one that there is. Nothing is written. */
import type { Shoot } from "../../model/shoot";
import type { ShootCluster } from "../garden";
import { enter, SHORTEST_SECONDS, type ClusterSettings } from "../shoot/cluster";
import { mint, mintIfAwake } from "./access";
import { describeShoot, type Line } from "./api";

export async function openCluster(
  line: Line,
  shoot: Shoot,
  settings: ClusterSettings,
): Promise<ShootCluster | undefined> {
  const first = await mintIfAwake(line, shoot);
  if (first === undefined) return undefined;
  const { context } = first;
  const renew = () => mint(line, shoot.ref, SHORTEST_SECONDS);
  return enter({ subject: describeShoot(shoot.ref), first, context, mint: renew }, settings);
}
