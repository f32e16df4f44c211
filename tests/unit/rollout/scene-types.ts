/** What a test sees of a scene and of a rollout on it. */
import type { ShootEvent, ShootNode, UpgradePreparation, WriteResult } from "../../../provider/garden/garden";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { RolloutOptions } from "../../../provider/model/declaration";
import { type Change, type Target } from "../../../provider/model/plan";
import { type Problem } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { type RolloutOutcome, type RolloutRequest } from "../../../provider/rollout";
import { type FakeClock } from "./clock";

export type Answer = (change: Change, live: Shoot) => WriteResult;

export interface Scene {
  readonly clock: FakeClock;
  /** The Shoot as the garden has it. */
  live: Shoot;
  readonly changes: Change[];
  readonly accepted: Change[];
  /** The Shoot before and after each of these. */
  readonly written: { readonly before: Shoot; readonly after: Shoot }[];
  /** How the next writes are answered; after these: accepted. */
  readonly answers: Answer[];
  readonly statuses: string[];
  readonly infos: string[];
  readonly warnings: Problem[];
  /** Undefined: the nodes may not be listed. */
  nodes: readonly ShootNode[] | undefined;
  /** Thrown by the next attempts to open the cluster. */
  readonly openErrors: Error[];
  readonly clusterOpens: () => number;
  readonly reads: () => number;
  /** Happens right before the next read. */
  onRead(what: () => void): void;
  start(target: Target, more?: Starting): Running;
  /** Changes the live Shoot, and sends it to the watches. */
  move(more: Partial<Shoot>): Promise<void>;
  /** Gardener starts to reconcile the newest spec. */
  begin(more?: Partial<Shoot>): Promise<void>;
  succeed(): Promise<void>;
  send(event: ShootEvent): Promise<void>;
  breakWatch(error: Error): Promise<void>;
  endWatch(): Promise<void>;
  setNodes(nodes: readonly ShootNode[]): Promise<void>;
  breakNodesWatch(error: Error): Promise<void>;
  watchers(): number;
}

export interface Starting extends Partial<Omit<RolloutRequest, "options">> {
  readonly options?: Partial<RolloutOptions>;
  readonly signal?: AbortSignal;
  readonly assertMayWrite?: () => Promise<void>;
}

export interface Running {
  readonly ended: Promise<RolloutOutcome>;
  outcome(): RolloutOutcome | undefined;
  error(): unknown;
  /** Neither ended nor failed. */
  readonly running: () => boolean;
}

/** A garden that can do less than a Gardener API server, or requires a preparation. */
export interface Limits {
  readonly capabilities?: GardenCapabilities;
  readonly preparation?: UpgradePreparation;
  readonly assertWatchable?: () => Promise<void>;
}
