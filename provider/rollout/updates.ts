/** What a wait learns of a Shoot and its nodes, in the order in which it arrives. */
import { assertAdopted } from "../model/adoption";
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import { reworded, UserError } from "../model/problem";
import type { AsyncQueue } from "../model/queue";
import type { Shoot } from "../model/shoot";
import { aborted } from "./identity";
import type { NodesSnapshot, Snapshot } from "./snapshot";
import { CONTINUES } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";

export type Update =
  | { readonly kind: "shoot"; readonly shoot: Shoot }
  | { readonly kind: "gone" }
  | { readonly kind: "interrupted"; readonly message: string }
  | { readonly kind: "nodes"; readonly nodes: NodesSnapshot }
  | { readonly kind: "explained"; readonly cause: string | undefined }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "aborted" };

const NODES_RETRY_MS = 15_000;

/** Both watches run until the signal. */
export function startWatches(
  request: RolloutRequest,
  { garden, clock }: RolloutContext,
  shoot: Shoot,
  nodes: boolean,
  updates: AsyncQueue<Update>,
  signal: AbortSignal,
): void {
  void watchShoot(garden, request, signal, updates);
  if (nodes) void watchNodes(garden, shoot, clock, signal, updates);
}

/** Throws where the update ends the wait. */
export function applyUpdate(
  snapshot: Snapshot,
  update: Update,
  request: RolloutRequest,
  { garden }: RolloutContext,
): Snapshot {
  const { label } = request;
  switch (update.kind) {
    case "shoot":
      assertAdopted(update.shoot, request.uid);
      if (update.shoot.deletionTimestamp !== undefined) throw deleted(label, "is being deleted");
      // A watch may begin with a state from before the write.
      if (update.shoot.generation < snapshot.shoot.generation) return snapshot;
      // Not every change of a spec raises the generation.
      if (garden.capabilities.optimisticLocking && isOlder(update.shoot, snapshot.shoot)) return snapshot;
      return { shoot: update.shoot, nodes: snapshot.nodes, cause: snapshot.cause };
    case "gone":
      throw deleted(label, "no longer exists");
    case "interrupted":
      return { ...snapshot, interrupted: update.message };
    case "nodes":
      // The watch of the nodes is established again in the background: what it listed remains valid.
      return update.nodes.kind !== "seen" && snapshot.nodes.kind === "seen"
        ? snapshot
        : { ...snapshot, nodes: update.nodes };
    case "explained":
      return { ...snapshot, cause: update.cause };
    case "failed":
      throw update.error;
    case "aborted":
      throw aborted(request);
  }
}

/** Kubernetes promises that the versions of one resource are integers that grow (KEP-5504). */
function isOlder({ resourceVersion: one }: Shoot, { resourceVersion: other }: Shoot): boolean {
  return [one, other].every((version) => /^[1-9][0-9]*$/.test(version)) && BigInt(one) < BigInt(other);
}

async function watchShoot(
  garden: Garden,
  { ref, label }: RolloutRequest,
  signal: AbortSignal,
  updates: AsyncQueue<Update>,
): Promise<void> {
  try {
    for await (const event of garden.watchShoot(ref, signal)) {
      if (event.kind === "seen") updates.send({ kind: "shoot", shoot: event.shoot });
      else if (event.kind === "gone") updates.send({ kind: "gone" });
      else updates.send({ kind: "interrupted", message: event.message });
    }
    updates.send({
      kind: "failed",
      error: new UserError("GU013", `${label}: the garden ended the watch of the Shoot. ${CONTINUES}`),
    });
  } catch (error) {
    updates.send({
      kind: "failed",
      error:
        error instanceof UserError
          ? reworded(error, `${label}: the watch of the Shoot failed. ${error.message} ${CONTINUES}`)
          : error,
    });
  }
}

/** Nodes confirm what Gardener reports: where they cannot be listed the rollout still completes. */
async function watchNodes(
  garden: Garden,
  shoot: Shoot,
  clock: Clock,
  signal: AbortSignal,
  updates: AsyncQueue<Update>,
): Promise<void> {
  let seen = false;
  while (!signal.aborted) {
    try {
      const cluster = await garden.openCluster(shoot);
      if (cluster === undefined) {
        updates.send({ kind: "nodes", nodes: { kind: "hidden" } });
        // Where nodes were listed before, it may only be that the certificate authority is renewed.
        if (!seen) return;
      }
      for await (const nodes of cluster?.watchNodes(signal) ?? []) {
        seen = true;
        updates.send({ kind: "nodes", nodes: { kind: "seen", nodes } });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const forbidden = error instanceof UserError && error.missingRight;
      updates.send({ kind: "nodes", nodes: { kind: forbidden ? "hidden" : "unseen", reason } });
      if (forbidden && !seen) return;
    }
    await clock.sleep(NODES_RETRY_MS, signal);
  }
}

function deleted(label: string, how: string): UserError {
  return new UserError(
    "GU056",
    `${label}: the Shoot ${how}. Somebody else deleted it; this package never deletes a Shoot. ` +
      "If that was intended, remove the resource from the program.",
  );
}
