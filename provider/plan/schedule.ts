/**
 * When one worker pool gets its versions while the control plane goes from minor to minor: with as few replacements
 * of its nodes as possible, and as late as that allows. What is planned again on the way is therefore the rest of
 * what was planned before.
 */
import type { CloudProfile } from "../model/cloudprofile";
import type { FromTo } from "../model/plan";
import type { WorkerPool } from "../model/shoot";
import { find } from "./catalogue";
import { unsuitableToStay } from "./suitability";
import { isNewer, minorsBetween, sameMinor } from "./versions";

export interface PoolRoute {
  readonly pool: WorkerPool;
  /** What its kubelets run. */
  readonly kubelet: string;
  /**
   * `follows`: at each version of the control plane. `holdsBack`: as late as allowed, the last version at the
   * last. `stays`: its Kubernetes version is not ours to change.
   */
  readonly kubernetes: "follows" | "holdsBack" | "stays";
  readonly image?: FromTo;
}

export interface Line {
  /** Of the control plane: what it runs, then each version that it gets. */
  readonly versions: readonly string[];
  readonly mostMinorsBehind: number;
  readonly profile: CloudProfile;
  /** One write carries Kubernetes and an image; otherwise the image comes first where it can. */
  readonly combinedWrites: boolean;
}

/** What pools of a later order have at a version of the control plane, and those of an earlier one before them. */
export interface Reached {
  /** Absent: none has got another version. */
  readonly kubelet?: string;
  readonly image: boolean;
}

/** What a pool gets while the control plane runs one of the versions. */
export interface Move {
  readonly kubernetes?: FromTo;
  readonly image?: FromTo;
}

/** By the index of the control plane's version; undefined: there is no way. */
export type Schedule = readonly (Move | undefined)[];

export interface State {
  readonly kubelet: string;
  readonly hasImage: boolean;
}

interface Rest {
  readonly replacements: number;
  readonly moves: Schedule;
}

/** @param after by the index of the control plane's version: what the pool has to have by then. */
export function schedule(route: PoolRoute, line: Line, after: readonly Reached[] = []): Schedule | undefined {
  const known = new Map<string, Rest | undefined>();

  function from(stage: number, state: State): Rest | undefined {
    const key = `${stage} ${state.kubelet} ${String(state.hasImage)}`;
    if (!known.has(key)) known.set(key, search(stage, state));
    return known.get(key);
  }

  function search(stage: number, state: State): Rest | undefined {
    let best: Rest | undefined;
    for (const next of options(route, line, stage, state)) {
      if (!isAllowed(route, line, stage, state, next) || isLate(route, next, after[stage])) continue;
      const rest = stage === line.versions.length - 1 ? end : from(stage + 1, next);
      if (rest === undefined) continue;
      const replacements = rest.replacements + replacementsOf(state, next, line);
      // The options come in the order of preference.
      if (best !== undefined && best.replacements <= replacements) continue;
      best = { replacements, moves: [moveOf(route, state, next), ...rest.moves] };
    }
    return best;
  }

  return from(0, stateNow(route))?.moves;
}

export function stateNow({ kubelet, image }: PoolRoute): State {
  return { kubelet, hasImage: image === undefined };
}

const end: Rest = { replacements: 0, moves: [] };

/** The states after what the pool may get at this version of the control plane, the preferred one first. */
export function options(
  { kubernetes }: PoolRoute,
  { versions, combinedWrites }: Line,
  stage: number,
  { kubelet, hasImage }: State,
): readonly State[] {
  const last = stage === versions.length - 1;
  const controlPlane = versions[stage] ?? kubelet;
  const kubelets =
    kubernetes === "stays" || kubelet === controlPlane
      ? [kubelet]
      : kubernetes === "follows" || last
        ? [controlPlane]
        : [kubelet, controlPlane];
  const images = hasImage || last ? [true] : combinedWrites ? [false, true] : [true, false];
  return kubelets.flatMap((one) => images.map((image) => ({ kubelet: one, hasImage: image })));
}

export function isLate(
  { kubernetes }: PoolRoute,
  { kubelet, hasImage }: State,
  after: Reached | undefined,
): boolean {
  if (after === undefined) return false;
  const isOlder = kubernetes !== "stays" && after.kubelet !== undefined && isNewer(after.kubelet, kubelet);
  return isOlder || (after.image && !hasImage);
}

/** What pools have reached together with these moves. */
export function withMoves(reached: readonly Reached[], moves: Schedule): readonly Reached[] {
  let own: Reached = { image: false };
  return moves.map((move, stage): Reached => {
    const rolls = move?.kubernetes !== undefined && !sameMinor(move.kubernetes.from, move.kubernetes.to);
    own = {
      ...own,
      ...(rolls && { kubelet: move.kubernetes.to }),
      image: own.image || move?.image !== undefined,
    };
    const others = reached[stage] ?? { image: false };
    const kubelets = [own.kubelet, others.kubelet].flatMap((one) => one ?? []);
    const kubelet =
      kubelets.length === 2 && isNewer(kubelets[1] ?? "", kubelets[0] ?? "") ? kubelets[1] : kubelets[0];
    return { ...(kubelet !== undefined && { kubelet }), image: own.image || others.image };
  });
}

export function isAllowed(route: PoolRoute, line: Line, stage: number, before: State, after: State): boolean {
  if (!isInSkew(route, line, stage, after)) return false;
  const changes = before.kubelet !== after.kubelet || before.hasImage !== after.hasImage;
  if (stage === 0 && !changes) return true;
  if (unserved(route, line, after) !== undefined) return false;
  // With one change at a time the kubelets come first within a version of the control plane.
  const between = { ...before, kubelet: after.kubelet };
  const isWritten = !line.combinedWrites && before.kubelet !== after.kubelet;
  return !isWritten || unserved(route, line, between) === undefined;
}

/** Of the kubelets that run when the control plane gets its next version. */
export function isInSkew({ kubernetes }: PoolRoute, line: Line, stage: number, { kubelet }: State): boolean {
  const next = line.versions[stage + 1];
  return (
    kubernetes === "stays" || next === undefined || minorsBetween(kubelet, next) <= line.mostMinorsBehind
  );
}

/**
 * Why the pool's image does not serve its kubelets, if it does not. At every change of a Shoot, Gardener checks the images
 * of all pools against their kubelets and machine types.
 */
export function unserved(
  { pool, image }: PoolRoute,
  { profile }: Line,
  { kubelet, hasImage }: State,
): string | undefined {
  const version = image === undefined || !hasImage ? pool.machineImage.version : image.to;
  const offered = profile.machineImages.find(({ name }) => name === pool.machineImage.name)?.versions ?? [];
  const entry = find(offered, version);
  return entry && unsuitableToStay(entry, pool, kubelet, profile);
}

function replacementsOf(before: State, after: State, { combinedWrites }: Line): number {
  const minor = sameMinor(before.kubelet, after.kubelet) ? 0 : 1;
  const image = before.hasImage === after.hasImage ? 0 : 1;
  return combinedWrites ? Math.max(minor, image) : minor + image;
}

function moveOf({ image }: PoolRoute, before: State, after: State): Move | undefined {
  const kubernetes =
    before.kubelet === after.kubelet ? undefined : { from: before.kubelet, to: after.kubelet };
  const gets = before.hasImage === after.hasImage ? undefined : image;
  if (kubernetes === undefined && gets === undefined) return undefined;
  return { ...(kubernetes && { kubernetes }), ...(gets && { image: gets }) };
}
