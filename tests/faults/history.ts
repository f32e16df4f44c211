/** All that has become of the Shoot, in order, and of its nodes at each moment. */
import { decodeShoot } from "../../provider/garden/gardener/decode";
import type { Shoot } from "../../provider/model/shoot";
import type { JsonMap } from "../../sandbox/json";
import type { ClusterNode } from "../../sandbox/shoot/cluster";

export interface Moment {
  /** By `performance.now()`. */
  readonly at: number;
  readonly shoot: Shoot;
  readonly before?: Shoot;
  readonly gone: boolean;
}

/** A version that somebody has written. */
export interface VersionChange {
  readonly at: number;
  /** `spec.kubernetes.version`, `spec.provider.workers[pool-a].machine.image.version`. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  /** Field manager. */
  readonly by: string;
  readonly before: Shoot;
  readonly after: Shoot;
}

export interface History {
  readonly moments: readonly Moment[];
  add(change: { readonly object: JsonMap; readonly previous?: JsonMap; readonly type: string }): void;
}

export function createHistory(): History {
  const moments: Moment[] = [];
  return {
    moments,
    add({ object, previous, type }) {
      moments.push({
        at: performance.now(),
        shoot: decodeShoot(object),
        before: previous === undefined ? undefined : decodeShoot(previous),
        gone: type === "DELETED",
      });
    },
  };
}

export function versionChanges(moments: readonly Moment[]): readonly VersionChange[] {
  return moments.flatMap(({ at, shoot, before, gone }) => {
    if (gone || before?.uid !== shoot.uid) return [];
    const then = versionsOf(before);
    return [...versionsOf(shoot)].flatMap(([field, to]): VersionChange[] => {
      const from = then.get(field);
      if (from === undefined || from === to) return [];
      const by = (shoot.owners ?? []).find((owner) => owner.field === field)?.manager ?? "";
      return [{ at, field, from, to, by, before, after: shoot }];
    });
  });
}

function versionsOf(shoot: Shoot): ReadonlyMap<string, string> {
  return new Map([
    ["spec.kubernetes.version", shoot.kubernetesVersion],
    ...shoot.workers.map(({ name, machineImage }): [string, string] => [
      `spec.provider.workers[${name}].machine.image.version`,
      machineImage.version,
    ]),
  ]);
}

/** By the number in its operating system's name. */
export function imageOf({ osImage }: ClusterNode): string {
  return /\d+\.\d+\.\d+/.exec(osImage)?.[0] ?? "";
}
