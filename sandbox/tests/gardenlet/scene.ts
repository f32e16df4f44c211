/** A gardenlet on a garden with one Shoot, and the cluster of that Shoot. */
import { createStore } from "../../api/store";
import { startGardenlet } from "../../gardenlet/gardenlet";
import { at, type JsonMap, mapsAt, textAt } from "../../json";
import { memoryCluster } from "../../shoot/apis";
import type { ClusterNode, ShootClusterWriter } from "../../shoot/cluster";
import { SHOOT, shootObject, tinyGarden } from "./garden";

export type GardenletScene = Awaited<ReturnType<typeof startScene>>;

/** Resolves when the Shoot is reconciled. */
export async function startScene(spec: JsonMap = {}) {
  const garden = tinyGarden({ path: SHOOT, value: shootObject(spec) });
  const now = () => new Date();
  const cluster = memoryCluster(createStore(now), { version: undefined, hibernated: false }, now);
  const seen: (readonly ClusterNode[])[] = [];
  const watched = watch(cluster, (nodes) => seen.push(nodes));
  const start = () => startGardenlet({ garden, cluster: () => Promise.resolve(watched), speed: 200 });
  let gardenlet = start();
  await garden.until(SHOOT, reconciled(1));
  return {
    garden,
    cluster,
    /** The nodes after each change. */
    seen,
    /** Writes with an operation, from this one on. */
    statuses: (from: number) => garden.written.slice(from).filter((shoot) => state(shoot) !== ""),
    restart: () => void (gardenlet = start()),
    stop: () => gardenlet.stop(),
  };
}

function watch(inner: ShootClusterWriter, see: (nodes: readonly ClusterNode[]) => void): ShootClusterWriter {
  const look = async () => {
    see(await inner.listNodes());
  };
  return {
    ...inner,
    createNode: (node) => inner.createNode(node).then(look),
    updateNode: (name, change) => inner.updateNode(name, change).then(look),
    deleteNode: (name) => inner.deleteNode(name).then(look),
  };
}

export const state = (shoot: JsonMap): string => textAt(shoot, "status", "lastOperation", "state");

export const observed = (shoot: JsonMap): unknown => at(shoot, "status", "observedGeneration");

export const reconciled = (generation: number) => (shoot: JsonMap) =>
  state(shoot) === "Succeeded" &&
  observed(shoot) === generation &&
  mapsAt(shoot, "status", "conditions").length > 0 &&
  mapsAt(shoot, "status", "conditions").every((condition) => at(condition, "status") === "True");

export const conditionIs = (type: string, status: string) => (shoot: JsonMap) =>
  mapsAt(shoot, "status", "conditions").some(
    (condition) => at(condition, "type") === type && at(condition, "status") === status,
  );
