/** What a program declares, after validation; nothing is resolved yet. */

import type {
  Adopt,
  KubernetesChannel,
  MachineImageChannel,
  Prepare,
  RolloutWhen,
  WhenNewer,
  WorkerRollout,
} from "./enums";
import type { GardenLocation } from "./location";
import type { PreflightOptions } from "./preflight";

/** Exactly one of the two: a version as written ("1.34", "1.34.3") or a channel. */
export type DeclaredVersion<Channel extends string> =
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "channel"; readonly channel: Channel };

/** How the program names the Shoot. */
export type ShootReference =
  | { readonly kind: "namespace"; readonly namespace: string; readonly name: string }
  | { readonly kind: "project"; readonly project: string; readonly name: string }
  /** Where the garden's location names the project. */
  | { readonly kind: "name"; readonly name: string };

/** The ways to name a Shoot on a Gardener API server, for messages. */
export const SHOOT_FORMS = '{ project, name }, { namespace, name } or { id: "namespace/name" }';

/** The rollout of another Shoot that comes first. */
export interface Predecessor {
  /** The name of its component, where it is known. */
  readonly name?: string;
  /** When it was complete; absent: it is not. */
  readonly completedAt?: Date;
}

/** When a rollout may be started; what is pending until then stays pending. */
export interface StartConditions {
  readonly after: readonly Predecessor[];
  /** How long after the last of them. */
  readonly soakMs: number;
  readonly when: RolloutWhen;
  readonly notBefore?: Date;
  /** A hibernated Shoot waits until it is woken up. */
  readonly skipHibernated: boolean;
}

export interface RolloutOptions {
  /** Wait for the rollout to complete; false: return as soon as the change is written. */
  readonly wait: boolean;
  /** Milliseconds without progress after which a rollout fails. */
  readonly progressDeadlineMs: number;
  /** Milliseconds that one step may take in all; absent: no limit. */
  readonly timeoutMs?: number;
  /** For which Kubernetes upgrades the garden prepares the Shoot, where it requires that. */
  readonly prepare: Prepare;
  /** When the nodes are replaced on the way over several Kubernetes minors; absent: `holdBack`. */
  readonly workers?: WorkerRollout;
  /** Kubernetes minors that one run may cross; absent: no limit. */
  readonly maxMinors?: number;
  /** Absent: at once. */
  readonly start?: StartConditions;
}

/** Until a day, in UTC and including it, a machine image may go down to the declared version. */
export interface AllowedDowngrade {
  readonly until: string;
  readonly reason: string;
}

/** What is declared for one worker pool. */
export interface WorkerDeclaration {
  readonly machineImage?: DeclaredVersion<MachineImageChannel>;
  /** Only with a version of its own. */
  readonly allowDowngrade?: AllowedDowngrade;
  /** Pools with a lower number are rolled first; absent: 0. */
  readonly order?: number;
}

export interface Declaration {
  readonly shoot: ShootReference;
  readonly garden: GardenLocation;
  readonly kubernetes?: DeclaredVersion<KubernetesChannel>;
  /** For the pools that `workers` does not name. */
  readonly machineImage?: DeclaredVersion<MachineImageChannel>;
  /** By pool name. */
  readonly workers: Readonly<Record<string, WorkerDeclaration>>;
  readonly whenNewer: WhenNewer;
  readonly adopt: Adopt;
  readonly rollout: RolloutOptions;
  readonly preflight: PreflightOptions;
}
