/** Which nodes a change concerns, and which of them have it: Succeeded alone is no proof (Gardener 1.147.0 reported it too early). */
import { isManaged } from "../model/plan";
import semver from "semver";
import type { ShootNode } from "../garden/garden";
import { entryOf } from "../model/json";
import type { Step, PoolChange, Target } from "../model/plan";
import type { MachineImageRef, Shoot, WorkerPool } from "../model/shoot";
import { sameMinor } from "../plan";

/** What the nodes of one pool are to run. */
export interface PoolNodesTarget {
  readonly pool: string;
  /** Kubelets run this version or a later one. */
  readonly kubernetes?: string;
  readonly image?: MachineImageRef;
  /** Nodes from before are to be replaced. */
  readonly replacedSince?: Date;
  /** Nodes with this version of the image are from before. */
  readonly imageBefore?: string;
  /** The pool never scales to nothing. */
  readonly populated: boolean;
}

/** The nodes of one pool. */
export interface PoolNodes {
  readonly target: PoolNodesTarget;
  readonly updated: readonly ShootNode[];
  readonly outdated: readonly ShootNode[];
}

/** What a step that was written at that time means for nodes. */
export function nodeTargetsOfStep(step: Step, shoot: Shoot, written: Date): readonly PoolNodesTarget[] {
  return step.pools.flatMap((change) => {
    const pool = shoot.workers.find(({ name }) => name === change.name);
    if (pool === undefined || isManual(change, pool)) return [];
    return [
      {
        pool: change.name,
        kubernetes: change.kubernetes?.to,
        image: change.machineImage && { name: change.machineImage.name, version: change.machineImage.to },
        replacedSince: mustBeReplaced(change, pool) ? written : undefined,
        populated: pool.minimum > 0,
      },
    ];
  });
}

/**
 * What an earlier run has written. When is not known, so that only the kubelets show it, and the image
 * that the pool had before.
 */
export function nodeTargetsOf(target: Target, shoot: Shoot, before?: Target): readonly PoolNodesTarget[] {
  return shoot.workers.flatMap((pool) => {
    const versions = entryOf(target.workers, pool.name);
    if (versions === undefined || pool.updateStrategy === "ManualInPlaceUpdate") return [];
    const version =
      pool.kubernetesVersion === undefined ? target.kubernetesVersion : versions.kubernetesVersion;
    const kubernetes = isManaged(version) ? version : undefined;
    const image = isManaged(versions.machineImage.version) ? versions.machineImage : undefined;
    if (kubernetes === undefined && image === undefined) return [];
    const imageBefore =
      image && previousImage(entryOf(before?.workers ?? {}, pool.name)?.machineImage, image);
    return [{ pool: pool.name, kubernetes, image, imageBefore, populated: pool.minimum > 0 }];
  });
}

/** Pools whose nodes are updated only when a user selects them, after Gardener's success. */
export function manualPools(step: Step, shoot: Shoot): readonly string[] {
  return shoot.workers
    .filter((pool) => step.pools.some((change) => change.name === pool.name && isManual(change, pool)))
    .map(({ name }) => name);
}

export function compareNodes(
  targets: readonly PoolNodesTarget[],
  nodes: readonly ShootNode[],
): readonly PoolNodes[] {
  return targets.map((target) => {
    const inPool = nodes.filter(({ pool }) => pool === target.pool);
    return {
      target,
      updated: inPool.filter((node) => isUpdated(node, target)),
      outdated: inPool.filter((node) => !isUpdated(node, target)),
    };
  });
}

export function areUpdated(pools: readonly PoolNodes[]): boolean {
  return pools.every(
    ({ target, updated, outdated }) => outdated.length === 0 && (updated.length > 0 || !target.populated),
  );
}

export function isUpdated(node: ShootNode, target: PoolNodesTarget): boolean {
  const version = target.kubernetes === undefined || isAtLeast(node.kubeletVersion, target.kubernetes);
  const replaced =
    target.replacedSince === undefined ||
    node.created >= target.replacedSince ||
    carriesImage(node.osImage, target.image);
  const outdated = target.imageBefore !== undefined && mentions(node.osImage, target.imageBefore);
  return version && replaced && !outdated;
}

/** Another version of the same image. */
function previousImage(before: MachineImageRef | undefined, image: MachineImageRef): string | undefined {
  const another =
    before?.name === image.name &&
    isManaged(before.version) &&
    trimmed(before.version) !== trimmed(image.version);
  return another ? before.version : undefined;
}

/**
 * The time of a write on the garden's clock, as precisely as it is known, so that a wrong local clock
 * does not make new nodes look old. Not later than the first update of the operation that it started,
 * not earlier than the last update before, whole seconds as `creationTimestamp` has.
 */
export function timeOfWrite(local: Date, before: Shoot, started: Shoot | undefined): Date {
  const earliest = before.lastOperation?.lastUpdateTime?.getTime() ?? Number.NEGATIVE_INFINITY;
  const latest = started?.lastOperation?.lastUpdateTime?.getTime() ?? Number.POSITIVE_INFINITY;
  const time = Math.max(earliest, Math.min(local.getTime(), latest));
  return new Date(Math.floor(time / 1000) * 1000);
}

/** A kubelet of another minor is proof enough: it only comes with a new node. */
function mustBeReplaced(change: PoolChange, pool: WorkerPool): boolean {
  return change.replacesNodes && pool.updateStrategy === "AutoRollingUpdate" && !changesMinor(change);
}

/** Kubelets are patched without a user's selection, whatever the strategy. */
function isManual(change: PoolChange, pool: WorkerPool): boolean {
  const rolls = change.machineImage !== undefined || changesMinor(change);
  return rolls && pool.updateStrategy === "ManualInPlaceUpdate";
}

function changesMinor({ kubernetes }: PoolChange): boolean {
  return kubernetes !== undefined && !sameMinor(kubernetes.from, kubernetes.to);
}

function isAtLeast(version: string, floor: string): boolean {
  const parsed = semver.parse(version);
  return parsed === null ? version === floor : semver.gte(parsed, floor);
}

/** The text is the operating system's own: a version in it is proof, and none in it is no disproof. */
function carriesImage(osImage: string, image: MachineImageRef | undefined): boolean {
  return image !== undefined && mentions(osImage, image.version);
}

function mentions(osImage: string, version: string): boolean {
  const found = /\b\d+(?:\.\d+)*\b/.exec(osImage)?.[0];
  return found !== undefined && trimmed(found) === trimmed(version);
}

function trimmed(version: string): string {
  return version.replace(/(?:\.0)+$/, "");
}
