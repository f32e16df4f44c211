/** What is recorded of a run, for the invariants. */
import { FIELD_MANAGER } from "../../provider/model/shoot";
import type { ClusterNode } from "../../sandbox/shoot/cluster";
import { versionChanges, type Moment, type VersionChange } from "./history";
import type { Passed } from "./proxy";
import type { GardenKind, Wanted } from "./schedule";
import type { Run } from "./stack";

/** With what was declared, and the nodes that there were when it ended. */
export interface Ended extends Run {
  readonly wanted: Wanted;
  readonly nodes: readonly ClusterNode[];
}

export interface Evidence {
  readonly garden: GardenKind;
  readonly wanted: Wanted;
  readonly moments: readonly Moment[];
  readonly passed: readonly Passed[];
  readonly runs: readonly Ended[];
  readonly secrets: readonly string[];
  /** Another `up` was at work at the same time. */
  readonly rival: boolean;
  /** Of the cluster that was adopted. */
  readonly uid: string;
}

export type Invariant = (evidence: Evidence) => readonly string[];

/** Who writes in the provider's name. */
const writers: Readonly<Record<GardenKind, string>> = { gardener: FIELD_MANAGER, cleura: "cleura" };

/** Versions that the provider has written. */
export function ours({ moments, garden }: Evidence): readonly VersionChange[] {
  return versionChanges(moments).filter(({ by }) => by === writers[garden]);
}
