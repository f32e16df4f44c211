/** What is recorded of a run, for the invariants. */
import { FIELD_MANAGER } from "../../provider/model/shoot";
import type { ClusterNode } from "../../sandbox/shoot/cluster";
import { versionChanges, type Moment, type VersionChange } from "./history";
import type { Passed } from "./proxy";
import type { GardenKind, DeclaredVersions } from "./schedule";
import type { Run } from "./stack";

/** With what was declared, and the nodes that there were when it ended. */
export interface Ended extends Run {
  readonly declared: DeclaredVersions;
  readonly nodes: readonly ClusterNode[];
}

export interface Observed {
  readonly garden: GardenKind;
  readonly declared: DeclaredVersions;
  readonly moments: readonly Moment[];
  readonly passed: readonly Passed[];
  readonly runs: readonly Ended[];
  readonly secrets: readonly string[];
  /** Another `up` was at work at the same time. */
  readonly rival: boolean;
  /** Of the cluster that was adopted. */
  readonly uid: string;
}

export type Invariant = (observed: Observed) => readonly string[];

/** Who writes in the provider's name. */
const writers: Readonly<Record<GardenKind, string>> = { gardener: FIELD_MANAGER, cleura: "cleura" };

/** Versions that the provider has written. */
export function ours({ moments, garden }: Observed): readonly VersionChange[] {
  return versionChanges(moments).filter(({ by }) => by === writers[garden]);
}
