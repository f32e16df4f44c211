/** Opens a Shoot's own API, with a viewer's kubeconfig unless an administrator's is requested. */
import type { Access } from "../../model/enums";
import { isHibernated } from "../../model/operation";
import type { Shoot } from "../../model/shoot";
import type { ShootCluster } from "../garden";
import { openClusterWith, SHORTEST_SECONDS, type ClusterSettings } from "../shoot/cluster";
import { describeShoot } from "./api";
import {
  decodeKubeconfigRequest,
  kubeconfigFailure,
  requestKubeconfig,
  type KubeconfigRequests,
} from "./kubeconfigs";

/** The kubeconfig's current context is the first advertised address (pkg/apiserver/registry/core/shoot/storage/kubeconfig.go). */
export async function openCluster(
  requests: KubeconfigRequests,
  shoot: Shoot,
  settings: ClusterSettings,
  access: Access = "viewer",
): Promise<ShootCluster | undefined> {
  if (isHibernated(shoot) || shoot.advertisedAddresses.length === 0) return undefined;
  const answer = await requests.send(shoot.ref, access, SHORTEST_SECONDS);
  if (answer.kind === "status") {
    // Also where its CA does not exist yet (500) or no address is suitable (422), which may be temporary.
    throw kubeconfigFailure(requests, shoot.ref, access, answer.status);
  }
  const first = await decodeKubeconfigRequest(shoot.ref, answer.body);
  const mint = () => requestKubeconfig(requests, shoot.ref, access, SHORTEST_SECONDS);
  return openClusterWith({ subject: describeShoot(shoot.ref), first, mint }, settings);
}
