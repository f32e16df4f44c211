/** Whether a success that is claimed is one, and no rollout is left to itself. */
import semver from "semver";
import { isRecord } from "../../provider/model/json";
import type { Shoot } from "../../provider/model/shoot";
import type { ClusterNode } from "../../sandbox/shoot/cluster";
import { ours, type Ended, type Invariant } from "./observed";
import { imageOf, type Moment } from "./history";
import { concrete } from "./others";
import type { GardenKind, DeclaredVersions } from "./schedule";

/** Success is claimed: by the state after a rollout, or by the plan where there is nothing to do. */
function claimsSuccess({ outcome, messages }: Ended): boolean {
  if (outcome.kind !== "done") return false;
  if (outcome.did === "nothing") return messages.some((message) => /^info: \S+: up to date/.test(message));
  return isRecord(outcome.state) && outcome.state["state"] === "upToDate";
}

/** Then there was a moment in the run at which Gardener said so of our generation, and the nodes are there. */
export const successIsTrue: Invariant = (observed) => {
  const { moments, runs } = observed;
  const writes = ours(observed);
  return runs.filter(claimsSuccess).flatMap(({ name, began, ended, nodes, messages, declared }) => {
    const first = moments.findLastIndex(({ at }) => at <= began);
    const during = moments.slice(Math.max(0, first)).filter(({ at }) => at <= ended);
    const generation = Math.max(
      0,
      ...writes.filter(({ at }) => at <= ended).map(({ after }) => after.generation),
    );
    const found: string[] = [];
    if (!during.some((moment) => isDone(moment, declared, generation, observed.garden))) {
      found.push(`${name}: success that the garden did not report: ${describeShoot(during.at(-1)?.shoot)}`);
    }
    const asleep = during.some(({ shoot }) => shoot.hibernation.enabled || shoot.hibernation.hibernated);
    const unseen = messages.some((message) => message.includes("not visible from here"));
    const old = nodes.filter((node) => isOld(node, declared));
    if (!asleep && !unseen && old.length > 0) {
      found.push(
        `${name}: success with old nodes: ${old.map(({ name: node, kubeletVersion, osImage }) => `${node} ${kubeletVersion} ${osImage}`).join(", ")}`,
      );
    }
    return found;
  });
};

/** What somebody else has written is theirs to await; a rollout of ours is not left to itself. */
export const ourRolloutsAreAwaited: Invariant = (observed) => {
  const { moments, runs } = observed;
  return runs.flatMap(({ name, outcome, began, ended }) => {
    if (outcome.kind !== "done" || outcome.did !== "nothing" || name === "refresh") return [];
    const written = ours(observed).findLast(({ at }) => at <= began)?.after.generation;
    const shoot = moments.findLast(({ at }) => at <= ended)?.shoot;
    if (written === undefined || shoot === undefined || shoot.deletionTimestamp !== undefined) return [];
    const over = (shoot.observedGeneration ?? 0) >= written && shoot.lastOperation?.state === "Succeeded";
    const moved = shoot.generation > written;
    return over || moved
      ? []
      : [`${name}: nothing to do, though a rollout of ours runs: ${describeShoot(shoot)}`];
  });
};

function isDone(
  { shoot, gone }: Moment,
  declared: DeclaredVersions,
  generation: number,
  garden: GardenKind,
): boolean {
  const { kubernetes, image } = declared;
  const operation = shoot.lastOperation;
  return (
    !gone &&
    // Cleura shows no deletion.
    (shoot.deletionTimestamp === undefined || garden === "cleura") &&
    (shoot.observedGeneration ?? 0) >= generation &&
    operation?.state === "Succeeded" &&
    (kubernetes === undefined || semver.gte(shoot.kubernetesVersion, concrete(kubernetes))) &&
    (image === undefined || shoot.workers.every((pool) => semver.gte(pool.machineImage.version, image)))
  );
}

function isOld(node: ClusterNode, { kubernetes, image }: DeclaredVersions): boolean {
  const kubelet = node.kubeletVersion.replace(/^v/, "");
  return (
    (kubernetes !== undefined && semver.lt(kubelet, concrete(kubernetes))) ||
    (image !== undefined && semver.lt(imageOf(node), image))
  );
}

function describeShoot(shoot: Shoot | undefined): string {
  if (shoot === undefined) return "there is none";
  const { kubernetesVersion, workers, generation, observedGeneration, lastOperation } = shoot;
  return `Kubernetes ${kubernetesVersion}, ${workers.map(({ machineImage }) => machineImage.version).join()}, generation ${generation}, observed ${observedGeneration ?? "none"}, ${lastOperation?.type ?? ""} ${lastOperation?.state ?? ""}`;
}
