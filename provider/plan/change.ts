/** From a step to what is written, and to the Shoot as it stands after it. */
import type { Change, Hop } from "../model/plan";
import type { Shoot } from "../model/shoot";

/** Only what changes; a pool without a pin takes its Kubernetes version from the control plane. */
export function changeFor(hop: Hop, shoot: Shoot): Change {
  const pinned = new Set(
    shoot.workers.filter((pool) => pool.kubernetesVersion !== undefined).map(({ name }) => name),
  );
  const workers = hop.pools.flatMap(({ name, machineImage, kubernetes }) => {
    const pin = pinned.has(name) ? kubernetes?.to : undefined;
    if (machineImage === undefined && pin === undefined) return [];
    return [
      {
        name,
        ...(machineImage && { machineImage: { name: machineImage.name, version: machineImage.to } }),
        ...(pin !== undefined && { kubernetesVersion: pin }),
      },
    ];
  });
  return {
    shoot: shoot.ref,
    uid: shoot.uid,
    resourceVersion: shoot.resourceVersion,
    ...(hop.kubernetes && { kubernetesVersion: hop.kubernetes.to }),
    workers,
  };
}

/** The Shoot's spec after the steps. */
export function afterHops(shoot: Shoot, hops: readonly Hop[]): Shoot {
  return hops.reduce((current, hop) => {
    const { kubernetesVersion = current.kubernetesVersion, workers } = changeFor(hop, current);
    return {
      ...current,
      kubernetesVersion,
      workers: current.workers.map((pool) => ({
        ...pool,
        ...workers.find(({ name }) => name === pool.name),
      })),
    };
  }, shoot);
}
