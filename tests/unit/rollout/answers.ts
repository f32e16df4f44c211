/** How a garden responds to a write. */
import type { WriteResult } from "../../../provider/garden/garden";
import { type Change } from "../../../provider/model/plan";
import type { Shoot } from "../../../provider/model/shoot";

export function next(shoot: Shoot): string {
  return String(Number(shoot.resourceVersion) + 1);
}

export function acceptUnlessChanged(change: Change, live: Shoot): WriteResult {
  return change.resourceVersion === live.resourceVersion && change.uid === live.uid
    ? accept(change, live)
    : { kind: "conflict", message: "the object has been modified" };
}

/** As an API server does: a spec that changes raises the generation, unless it is confined. */
export function accept(change: Change, live: Shoot): WriteResult & { kind: "accepted" } {
  const confined = live.maintenance.confineSpecUpdateRollout;
  return {
    kind: "accepted",
    warnings: [],
    shoot: {
      ...live,
      resourceVersion: next(live),
      generation: live.generation + (confined ? 0 : 1),
      kubernetesVersion: change.kubernetesVersion ?? live.kubernetesVersion,
      workers: live.workers.map((pool) => {
        const changed = change.workers.find(({ name }) => name === pool.name);
        return {
          ...pool,
          machineImage: changed?.machineImage ?? pool.machineImage,
          kubernetesVersion: changed?.kubernetesVersion ?? pool.kubernetesVersion,
        };
      }),
    },
  };
}
