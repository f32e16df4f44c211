/**
 * The machine images that a worker pool has to run first, where the planner refuses the direct way to another. They are
 * named, and never installed: nobody has declared them.
 */
import type { CloudProfile, MachineImageVersion } from "../model/cloudprofile";
import type { WorkerPool } from "../model/shoot";
import { list, newestFirst, withClassification } from "./catalogue";
import { suitableVersions, unsuitable } from "./suitability";
import { isNewer } from "./versions";

export interface ImageMove {
  readonly pool: WorkerPool;
  /** The image version that the pool cannot get directly. */
  readonly to: MachineImageVersion;
  /** What the pool's kubelets run today, and what they run with that image. */
  readonly kubelets: { readonly now: string; readonly then: string };
  readonly profile: CloudProfile;
  readonly now: Date;
  readonly reaches: Reaches;
}

/** Whether there are steps to this image and the declared Kubernetes version for a pool of the Shoot. */
export type Reaches = (pool: WorkerPool, image: string) => boolean;

/** The fewest, in their order: each can be installed from the one before with today's kubelets. Empty: there are none. */
export function imagesBefore(move: ImageMove): readonly MachineImageVersion[] {
  const { pool, to, kubelets, profile } = move;
  const candidates = preferredFirst(move);
  const seen = new Set<string>();
  let paths: readonly (readonly MachineImageVersion[])[] = [[]];
  while (paths.length > 0) {
    paths = paths.flatMap((path) => {
      const installable = suitableVersions(withImage(pool, path.at(-1)), kubelets.now, profile);
      const last = path.at(-1)?.version ?? pool.machineImage.version;
      const next = candidates.filter(
        (one) =>
          !seen.has(one.version) && installable.includes(one) && isBetween(one.version, last, to.version),
      );
      for (const { version } of next) seen.add(version);
      return next.map((one) => [...path, one]);
    });
    const found = paths.find((path) => {
      const after = withImage(pool, path.at(-1));
      return unsuitable(to, after, kubelets.then, profile) === undefined && move.reaches(after, to.version);
    });
    if (found !== undefined) return found;
  }
  return [];
}

/** `gardenlinux 1592.14.0, then 1700.0.0 (deprecated)`. */
export function describeImages({ pool, now }: ImageMove, images: readonly MachineImageVersion[]): string {
  return `${pool.machineImage.name} ${images.map((version) => list([version], now)).join(", then ")}`;
}

/** The newest supported one first; an older version that has expired is accepted by no garden. */
function preferredFirst({ pool, to, profile, now }: ImageMove): readonly MachineImageVersion[] {
  const { name, version: from } = pool.machineImage;
  const offered = profile.machineImages.find((image) => image.name === name)?.versions ?? [];
  const goesUp = isNewer(to.version, from);
  const classes = ["supported", "deprecated", "preview", ...(goesUp ? (["expired"] as const) : [])] as const;
  return classes.flatMap((one) => newestFirst(withClassification(offered, now, one)));
}

/** On the way from one to the other, in either direction. */
function isBetween(version: string, from: string, to: string): boolean {
  return isNewer(to, from)
    ? isNewer(version, from) && isNewer(to, version)
    : isNewer(version, to) && isNewer(from, version);
}

function withImage(pool: WorkerPool, image: MachineImageVersion | undefined): WorkerPool {
  if (image === undefined) return pool;
  return { ...pool, machineImage: { name: pool.machineImage.name, version: image.version } };
}
