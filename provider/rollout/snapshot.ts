/** What is known of a cluster at a moment, and what of it counts as progress. */
import type { ShootNode } from "../garden/garden";
import type { Shoot } from "../model/shoot";

export type NodesSnapshot =
  /** Not listed so far. */
  | { readonly kind: "unseen"; readonly reason?: string }
  /** They cannot be listed. */
  | { readonly kind: "hidden"; readonly reason?: string }
  | { readonly kind: "seen"; readonly nodes: readonly ShootNode[] };

export interface Snapshot {
  readonly shoot: Shoot;
  readonly nodes: NodesSnapshot;
  /** Why the watch reports nothing for now. */
  readonly interrupted?: string;
  /** Why the drain of the nodes stands still. */
  readonly cause?: string;
}

/** Whether a snapshot shows anything that none before it has shown. */
export interface ProgressDetector {
  progressed(snapshot: Snapshot): boolean;
}

/**
 * Only what is new counts: Gardener repeats an attempt that fails after five or ten minutes, for
 * up to twelve hours, and the same states again are no progress.
 */
export function createProgressDetector(): ProgressDetector {
  const seen = new Set<string>();
  return {
    progressed(snapshot) {
      const before = seen.size;
      for (const aspect of aspectsOf(snapshot)) seen.add(aspect);
      return seen.size > before;
    },
  };
}

function aspectsOf({ shoot, nodes }: Snapshot): readonly string[] {
  const { lastOperation: operation, lastErrors, conditions } = shoot;
  return [
    // A rollout's numbers are in the descriptions of the operation and of the errors.
    JSON.stringify(["generation", shoot.generation, shoot.observedGeneration]),
    JSON.stringify([
      "operation",
      operation?.type,
      operation?.state,
      operation?.progress,
      operation?.description,
    ]),
    ...lastErrors.map((error) => JSON.stringify(["error", error.description])),
    ...conditions.map(({ type, status, reason }) => JSON.stringify(["condition", type, status, reason])),
    ...(nodes.kind === "seen" ? nodes.nodes : []).map(({ name, kubeletVersion, osImage, ready }) =>
      JSON.stringify(["node", name, kubeletVersion, osImage, ready]),
    ),
    JSON.stringify(["nodes", nodes.kind === "seen" ? nodes.nodes.map(({ name }) => name).sort() : []]),
  ];
}
