/** A look inside a Shoot with an administrator's kubeconfig, the only one that there is. Nothing is written. */
import type { Shoot } from "../../model/shoot";
import type { ShootCluster } from "../garden";
import { openClusterWith, SHORTEST_SECONDS, type ClusterSettings } from "../shoot/cluster";
import { issue, issueIfAwake } from "./access";
import { describeShoot, type CleuraContext } from "./api";

export async function openCluster(
  line: CleuraContext,
  shoot: Shoot,
  settings: ClusterSettings,
): Promise<ShootCluster | undefined> {
  const first = await issueIfAwake(line, shoot);
  if (first === undefined) return undefined;
  const { context } = first;
  const renew = () => issue(line, shoot.ref, SHORTEST_SECONDS);
  return openClusterWith({ subject: describeShoot(shoot.ref), first, context, mint: renew }, settings);
}
