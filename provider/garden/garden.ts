/** A garden: where Shoots live, whatever speaks for it. The only way in which the provider reads or writes one. */
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { ShootReference } from "../model/declaration";
import type { Change } from "../model/plan";
import type { Shoot, ShootRef } from "../model/shoot";

/** The server's word on a change. */
export type WriteResult =
  | {
      readonly kind: "accepted";
      readonly shoot: Shoot;
      readonly warnings: readonly string[];
      /** By the server's clock; absent: it does not tell. */
      readonly at?: Date;
    }
  | { readonly kind: "refused"; readonly message: string }
  /** The Shoot has moved since it was read: read again, plan again. */
  | { readonly kind: "conflict"; readonly message: string }
  /** The garden is at work on another change of the Shoot: wait, read again, plan again. */
  | { readonly kind: "busy"; readonly message: string }
  /** The user may not write Shoots. */
  | { readonly kind: "forbidden"; readonly message: string };

export type ShootEvent =
  | { readonly kind: "seen"; readonly shoot: Shoot }
  | { readonly kind: "gone" }
  /** No news for now: the line is down; the watch goes on by itself. */
  | { readonly kind: "interrupted"; readonly message: string };

export interface ShootNode {
  readonly name: string;
  readonly pool: string;
  /** Without the leading v. */
  readonly kubeletVersion: string;
  readonly osImage: string;
  readonly ready: boolean;
  readonly created: Date;
}

/** A look inside the Shoot. */
export interface ShootCluster {
  /** What the API server runs, without the leading v. */
  kubernetesVersion(): Promise<string>;
  nodes(): Promise<readonly ShootNode[]>;
  /** All nodes, at first and after each change; goes on over lost connections until the signal. */
  watchNodes(signal: AbortSignal): AsyncIterable<readonly ShootNode[]>;
}

export interface ShootAccess {
  /** URL of the Shoot's API server. */
  readonly server: string;
  /** PEM; absent where the server's certificate is publicly trusted. */
  readonly certificateAuthority?: string;
}

export interface Kubeconfig {
  readonly kubeconfig: string;
  readonly expires: Date;
}

export interface UpgradeReadiness {
  readonly outcome: "ready" | "pending" | "notReady";
  /** The garden's own sentences. */
  readonly details: readonly string[];
  readonly notes?: string;
}

/** A gate that the garden itself keeps before a Kubernetes version: the control panel's two confirmations. */
export interface UpgradePreparation {
  /** Is the Shoot ready for that version? Reads only. */
  check(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
  /** Changes the cluster so that it becomes ready; `pending`: ask {@link check} until it is. */
  prepare(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
  /** Takes back what `prepare` has changed. */
  revert(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
}

/** Methods throw UserError for whatever a user can mend. */
export interface Garden {
  /** For messages: `the garden https://…`. */
  readonly description: string;
  readonly capabilities: GardenCapabilities;
  /** Absent: the garden keeps no gate. */
  readonly preparation?: UpgradePreparation;

  /** Where the named Shoot lives; looks a project's namespace up. */
  locate(reference: ShootReference): Promise<ShootRef>;
  getShoot(ref: ShootRef): Promise<Shoot>;
  getCloudProfile(shoot: Shoot): Promise<CloudProfile>;

  /** Lets the server judge the change; nothing is written. */
  dryRun(change: Change): Promise<WriteResult>;
  /** The only write there is. */
  apply(change: Change): Promise<WriteResult>;

  /** The Shoot at once, then at each change, over lost connections, until the signal or until it is gone. */
  watchShoot(ref: ShootRef, signal: AbortSignal): AsyncIterable<ShootEvent>;

  /** Throws where a right is missing without which the Shoot cannot be watched. Absent: none is needed. */
  assertWatchable?(ref: ShootRef): Promise<void>;

  /** Undefined where there is nothing to look at. */
  openCluster(shoot: Shoot): Promise<ShootCluster | undefined>;
  /** Address and certificate authority of the Shoot's API; undefined where they are not known yet. */
  clusterAccess(shoot: Shoot): Promise<ShootAccess | undefined>;
  requestKubeconfig(ref: ShootRef, access: "admin" | "viewer", seconds: number): Promise<Kubeconfig>;
}
