/** From a step to what is written, and to the Shoot after it. */
import type { Change, Step } from "../model/plan";
import type { Shoot } from "../model/shoot";

/** Only what changes; a pool without a pin takes its Kubernetes version from the control plane. */
export function changeFor(step: Step, shoot: Shoot): Change {
  const pinned = new Set(
    shoot.workers.filter((pool) => pool.kubernetesVersion !== undefined).map(({ name }) => name),
  );
  const workers = step.pools.flatMap(({ name, machineImage, kubernetes }) => {
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
    ...(step.kubernetes && { kubernetesVersion: step.kubernetes.to }),
    workers,
  };
}

/** The Shoot's spec after the steps. */
export function afterSteps(shoot: Shoot, steps: readonly Step[]): Shoot {
  return steps.reduce((current, step) => {
    const { kubernetesVersion = current.kubernetesVersion, workers } = changeFor(step, current);
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
