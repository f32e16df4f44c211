/** What a rollout is given and what comes of it. */
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { RolloutOptions } from "../model/declaration";
import type { Step, Target } from "../model/plan";
import type { Problem } from "../model/problem";
import type { Shoot, ShootRef } from "../model/shoot";

/** Place among others: of a rollout in its run, of a step in its rollout. */
export interface Position {
  readonly index: number;
  readonly total: number;
}

export interface RolloutRequest {
  readonly ref: ShootRef;
  /** Of the cluster that was adopted: no other one is written. */
  readonly uid: string;
  readonly target: Target;
  /** What was planned and reviewed; this or what is left of it is done, never more. */
  readonly checked: readonly Step[];
  /** The versions that were verified last: nodes that are left behind run them. Absent: not known. */
  readonly lastVerified?: Target;
  /** The nodes were not seen to run the spec: with nothing left to write, they are awaited all the same. */
  readonly unverified?: boolean;
  readonly options: RolloutOptions;
  /** The cluster's name in messages. */
  readonly label: string;
  readonly position?: Position;
  /** Place among the writes of this rollout, where there are several. */
  readonly stepPosition?: Position;
}

/** What all waits of one hop share. */
export interface Wait {
  /** Begin of the hop that the time limit counts from. */
  readonly since: Date;
  show(line: string): void;
}

export interface RolloutContext {
  readonly garden: Garden;
  readonly clock: Clock;
  /** A line that replaces the one before. */
  status(text: string): void;
  info(text: string): void;
  warn(problem: Problem): void;
  /** Rejects where the engine that asked for the rollout is gone. */
  assertRunning?(): Promise<void>;
  /** Awaited before every write. Rejects where another rollout of the run has failed since this one began, too. */
  assertMayWrite?(): Promise<void>;
  readonly signal?: AbortSignal;
}

/** What is known of the nodes at the end. */
export type NodesVerdict =
  /** Every node that the change concerns runs it. */
  | "verified"
  /** Gardener says so; nobody could look. */
  | "notVisible"
  /** There are none: asleep, or the change concerns no node. */
  | "none";

export type RolloutOutcome =
  | { readonly kind: "done"; readonly shoot: Shoot; readonly nodes: NodesVerdict }
  /**
   * In the Shoot; its rollout was not to be waited for. `completed` is pending for as long as it runs,
   * and rejects with what a rollout that is waited for would have failed with.
   */
  | { readonly kind: "written"; readonly shoot: Shoot; readonly completed: Promise<void> }
  /** The hold annotation is set: what is pending stays pending. */
  | { readonly kind: "held"; readonly shoot: Shoot }
  /** In the Shoot, which keeps changes for its maintenance window. */
  | { readonly kind: "confined"; readonly shoot: Shoot }
  | { readonly kind: "nothing"; readonly shoot: Shoot };
