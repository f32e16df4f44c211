/** What a rollout needs, and its outcome. */
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { RolloutOptions } from "../model/declaration";
import type { ResolvedTarget, Route, Step, Target } from "../model/plan";
import type { Problem, UserError } from "../model/problem";
import type { Shoot, ShootRef } from "../model/shoot";

/** Of a rollout in its run, or of a step in its rollout. */
export interface Position {
  readonly index: number;
  readonly total: number;
}

export interface RolloutRequest {
  readonly ref: ShootRef;
  /** Of the adopted cluster: no other one is written. */
  readonly uid: string;
  /** What this rollout comes to. */
  readonly target: ResolvedTarget;
  /** What is declared, and how the steps lead there; absent: nothing was checked, so that nothing is written. */
  readonly declared?: { readonly target: ResolvedTarget; readonly route: Route };
  /** Recorded with worker pools that are held back. */
  readonly stack?: string;
  /** What was planned and reviewed; this or the rest of it is performed, never more. */
  readonly checked: readonly Step[];
  /** The versions that were verified last: nodes that are not yet updated run them. Absent: not known. */
  readonly lastVerified?: Target;
  /** The nodes were not verified to run the spec: with nothing left to write, they are awaited all the same. */
  readonly unverified?: boolean;
  readonly options: RolloutOptions;
  /** The cluster's name in messages. */
  readonly label: string;
  readonly position?: Position;
  /** Of the step that is performed, where the rollout has several. */
  readonly stepPosition?: Position;
}

/** What all waits of one step share. */
export interface Wait {
  /** Start of the step, from which the timeout counts. */
  readonly since: Date;
  show(line: string): void;
}

export interface RolloutContext {
  readonly garden: Garden;
  readonly clock: Clock;
  /** Shows a line that replaces the one before. */
  status(text: string): void;
  info(text: string): void;
  warn(problem: Problem): void;
  /** Rejects where the engine that requested the rollout has ended. */
  assertRunning?(): Promise<void>;
  /** Awaited before every write. Rejects where another rollout of the run has failed since this one began, too. */
  assertMayWrite?(): Promise<void>;
  /** Examines the Shoot before these steps; what stops them, if anything does. */
  preflight?(shoot: Shoot, steps: readonly Step[]): Promise<UserError | undefined>;
  /** Why these nodes are not drained; undefined where no cause is visible. */
  explain?(shoot: Shoot, nodes: readonly string[]): Promise<string | undefined>;
  readonly signal?: AbortSignal;
}

/** What is known of the nodes when a rollout is complete. */
export type NodesResult =
  /** Every node that the change concerns runs it. */
  | "verified"
  /** Only Gardener reports it: the nodes could not be listed. */
  | "notVisible"
  /** The cluster is hibernated, or the change concerns no node. */
  | "none";

export type RolloutOutcome =
  | { readonly kind: "done"; readonly shoot: Shoot; readonly nodes: NodesResult }
  /**
   * Written, and not to be awaited. `completed` is pending for as long as the rollout runs, and
   * rejects with the error that an awaited rollout would have failed with.
   */
  | { readonly kind: "written"; readonly shoot: Shoot; readonly completed: Promise<void> }
  /** The preflight checks have found what stops the next step. Nothing is under way; the error says what is reached. */
  | { readonly kind: "blocked"; readonly shoot: Shoot; readonly error: UserError }
  /** The hold annotation is set: what is pending stays pending. */
  | { readonly kind: "held"; readonly shoot: Shoot }
  /** It may be started later only: what is pending stays pending. */
  | { readonly kind: "waits"; readonly shoot: Shoot; readonly reason: string }
  /** Written to a Shoot that applies changes only in its maintenance window. */
  | { readonly kind: "confined"; readonly shoot: Shoot }
  | { readonly kind: "nothing"; readonly shoot: Shoot };
