/** Describes a step in a message. */
import type { FromTo, Step, PoolChange } from "../model/plan";
import type { Shoot, WorkerPool } from "../model/shoot";
import { list } from "../model/text";
import { goesDown } from "./pending";
import { countNodes } from "./steps";
import { atATime } from "./surge";

/**
 * What a step does, as in `Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0 in one
 * roll: pool-a, 3 nodes, 1 at a time`.
 */
export function describeStep(step: Step, shoot: Shoot): string {
  const rolling = step.pools.filter(({ replacesNodes }) => replacesNodes);
  const restarting = step.pools.filter(({ replacesNodes }) => !replacesNodes);
  const shared = sharedImage(rolling);
  const pools = rolling.map((change) => describePool(change, shoot, step, shared));
  const parts = [
    ...(pools.length > 0 ? [pools.join("; ")] : []),
    ...(restarting.length > 0 ? [restarts(restarting, rolling.length > 0)] : []),
    ...heldBack(step),
  ];
  const what = [
    ...(step.kubernetes ? [`Kubernetes ${arrow(step.kubernetes)}`] : []),
    ...(shared ? [shared] : []),
  ];
  const moves =
    step.kubernetes !== undefined && rolling.some(({ machineImage }) => machineImage !== undefined);
  const head = what.join(" and ") + (moves ? " in one roll" : "");
  if (parts.length === 0 && head === "") return RELEASE;
  if (parts.length === 0) return `${head}: the control plane only`;
  return head === "" ? parts.join("; ") : `${head}: ${parts.join("; ")}`;
}

/** What a step moves, without the pools: `Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0`. */
export function summarizeStep(step: Step): string {
  const kubernetes = step.kubernetes ? [`Kubernetes ${arrow(step.kubernetes)}`] : [];
  const images = step.pools.flatMap(({ machineImage }) => (machineImage ? [imageArrow(machineImage)] : []));
  const pins = step.kubernetes
    ? []
    : step.pools.flatMap(({ name, kubernetes: own }) => (own ? [`${name} on Kubernetes ${arrow(own)}`] : []));
  const parts = [...kubernetes, ...new Set(images), ...pins];
  if (parts.length === 0) return RELEASE;
  return list(parts);
}

/** A step that only removes what was recorded. */
const RELEASE = "worker pools follow the control plane again";

/** The control plane goes ahead of these. */
function heldBack({ kubernetes, heldBack: held }: Step): readonly string[] {
  const names = Object.keys(held?.pools ?? {});
  return kubernetes === undefined || names.length === 0 ? [] : [`${names.join(", ")} held back`];
}

/** The image move of all pools that roll, if it is one and the same. */
function sharedImage(rolling: readonly PoolChange[]): string | undefined {
  const moves = new Set(rolling.map(({ machineImage }) => machineImage && imageArrow(machineImage)));
  return moves.size === 1 ? [...moves][0] : undefined;
}

function describePool(change: PoolChange, shoot: Shoot, step: Step, shared: string | undefined): string {
  const { name, machineImage, kubernetes } = change;
  const ownKubernetes = kubernetes !== undefined && kubernetes.to !== step.kubernetes?.to;
  const own = [
    ...(ownKubernetes ? [`Kubernetes ${arrow(kubernetes)}`] : []),
    ...(machineImage && shared === undefined ? [imageArrow(machineImage)] : []),
  ];
  const pool = shoot.workers.find((candidate) => candidate.name === name);
  const how = pool === undefined ? [] : [nodes(pool), pace(pool)];
  return [own.length > 0 ? `${name} (${own.join(" and ")})` : name, ...how].join(", ");
}

function restarts(changes: readonly PoolChange[], besideOthers: boolean): string {
  return `kubelets restart in place${besideOthers ? ` in ${changes.map(({ name }) => name).join(", ")}` : ""}`;
}

function nodes(pool: WorkerPool): string {
  return pool.maximum === 0 ? "no nodes" : countNodes([pool]);
}

function pace(pool: WorkerPool): string {
  const { updateStrategy, maxSurge, maxUnavailable, minimum, maximum } = pool;
  if (updateStrategy === "ManualInPlaceUpdate") return "in place, when the nodes are selected manually";
  const inPlace = updateStrategy === "AutoInPlaceUpdate" ? "in place, " : "";
  const given = [maxSurge, maxUnavailable].filter((value) => value !== 0 && value !== "0%" && value !== "0");
  const relative = given.filter((value) => typeof value === "string" && value.endsWith("%"));
  // A share of a pool that scales is a number only at the moment.
  if (relative.length > 0 && minimum !== maximum) return `${inPlace}${given.join(" + ")} at a time`;
  return `${inPlace}${atATime(pool)} at a time`;
}

function imageArrow(image: { readonly name: string } & FromTo): string {
  if (goesDown(image)) return `${image.name} ${image.from} down to ${image.to}`;
  return `${image.name} ${arrow(image)}`;
}

function arrow({ from, to }: FromTo): string {
  return `${from} → ${to}`;
}
