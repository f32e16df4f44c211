/** The interface to a garden, a Gardener API server or Cleura's REST API. All reads and writes of Shoots go through it. */
import type { Access } from "../model/enums";
import type { NamespaceList } from "./namespaceReads";
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { ShootReference } from "../model/declaration";
import type { Change } from "../model/plan";
import type { ExpectedReads } from "../model/expectedReads";
import type { UserError } from "../model/problem";
import type { UpgradeReadiness } from "../model/readiness";
import type { Shoot, ShootRef } from "../model/shoot";

/** The server's answer to a change. */
export type WriteResult =
  | {
      readonly kind: "accepted";
      readonly shoot: Shoot;
      readonly warnings: readonly string[];
      /** By the server's clock; absent where its answer has no date. */
      readonly at?: Date;
    }
  | { readonly kind: "refused"; readonly message: string }
  /** The Shoot has changed since it was read: read again, plan again. */
  | { readonly kind: "conflict"; readonly message: string }
  /** The garden is processing another change of the Shoot: wait, read again, plan again. */
  | { readonly kind: "busy"; readonly message: string }
  /** The user may not write Shoots. */
  | { readonly kind: "forbidden"; readonly message: string };

export type ShootEvent =
  | { readonly kind: "seen"; readonly shoot: Shoot }
  | { readonly kind: "gone" }
  /** The connection is lost and no events arrive; the watch continues by itself. */
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

/** A list in a Shoot's own API. */
export interface ClusterListRequest {
  readonly path: string;
  /** Plural, for messages: `pods`. */
  readonly resource: string;
  /** The objects' metadata alone. */
  readonly metadataOnly?: boolean;
}

/** A list that cannot be read is not an empty one. */
export type ClusterList =
  | { readonly kind: "listed"; readonly items: readonly unknown[] }
  /** The API server does not know this API. */
  | { readonly kind: "notServed"; readonly reason: string }
  /** The right is missing, or there is no answer. */
  | { readonly kind: "notVisible"; readonly reason: string };

export type ClusterDocument =
  | { readonly kind: "read"; readonly body: unknown }
  | { readonly kind: "notVisible"; readonly reason: string };

/** The Shoot's own API. */
export interface ShootCluster {
  /** What the API server runs, without the leading v. */
  kubernetesVersion(): Promise<string>;
  nodes(): Promise<readonly ShootNode[]>;
  /** All nodes, at first and after each change; continues over lost connections until the signal. */
  watchNodes(signal: AbortSignal): AsyncIterable<readonly ShootNode[]>;
  /** All objects of a list, over all of its pages. */
  list(request: ClusterListRequest, signal: AbortSignal): Promise<ClusterList>;
  /** What is no list of objects, such as a discovery document; text where it is not JSON. */
  read(path: string, signal: AbortSignal): Promise<ClusterDocument>;
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

/** Checks that the garden itself requires before a Kubernetes version: the two confirmations of Cleura's control panel. */
export interface UpgradePreparation {
  /** Is the Shoot ready for that version? Reads only. */
  check(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
  /** Changes the cluster so that it becomes ready; `pending`: repeat {@link check} until it is. */
  prepare(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
  /** Reverts what `prepare` has changed. */
  revert(ref: ShootRef, version: string): Promise<UpgradeReadiness>;
}

/** Which Shoots are listed. */
export type ShootScope =
  | { readonly kind: "namespace"; readonly namespace: string }
  | { readonly kind: "project"; readonly project: string }
  /** All that the garden lists: of Cleura Cloud those of the project that the location names. */
  | { readonly kind: "garden" };

export interface ShootQuery {
  readonly scope: ShootScope;
  /** A label selector, as kubectl's `--selector`. */
  readonly selector?: string;
}

export type FoundShoot =
  | { readonly kind: "shoot"; readonly shoot: Shoot }
  /** It lacks what a Shoot has, such as one that is just being created. */
  | { readonly kind: "unusable"; readonly name: string; readonly problem: UserError };

/** What of a Shoot leads to its CloudProfile, and names it in errors. */
export type ProfiledShoot = Pick<Shoot, "ref" | "cloudProfile">;

/** Methods throw UserError for whatever a user can fix. */
export interface Garden {
  /** For messages: `the garden https://…`. */
  readonly description: string;
  readonly capabilities: GardenCapabilities;
  /** Absent: the garden requires no preparation. */
  readonly preparation?: UpgradePreparation;

  /** Namespace and name of the Shoot; reads the namespace of a project. */
  locate(reference: ShootReference): Promise<ShootRef>;
  /** The namespace that {@link locate} most likely finds, without a request. Absent: there is none that is likely. */
  likelyNamespace?(reference: ShootReference): string | undefined;
  getShoot(ref: ShootRef): Promise<Shoot>;
  /** All Shoots of a namespace by name, each decoded when it is read. Absent: there is no such request. */
  listShoots?(namespace: string): Promise<NamespaceList<Shoot>>;
  /** The Shoots of that scope, by one list. */
  findShoots(query: ShootQuery): Promise<readonly FoundShoot[]>;
  /** Names of the projects that the user may list; undefined: none may be listed. Absent: there is no such request. */
  visibleProjects?(): Promise<readonly string[] | undefined>;
  getCloudProfile(shoot: ProfiledShoot): Promise<CloudProfile>;
  /** Whether the garden uses the Shoot as a Seed. Absent: its Shoots never are. */
  isManagedSeed?(ref: ShootRef): Promise<boolean>;
  /** Starts reads that will be requested one after the other. Absent: reads are not shared. */
  expectReads?(expected: ExpectedReads): void;
  /** Starts the list of the Shoots beside this one, if there are many, before their namespace is known. Absent: as above. */
  expectShoots?(reference: ShootReference, shoots: number): void;

  /** The server validates the change; nothing is written. */
  dryRun(change: Change): Promise<WriteResult>;
  /** The only write there is. */
  apply(change: Change): Promise<WriteResult>;

  /** The Shoot at once, then at each change, over lost connections, until the signal or until it is deleted. */
  watchShoot(ref: ShootRef, signal: AbortSignal): AsyncIterable<ShootEvent>;

  /** Throws where a right that watching the Shoot needs is missing. Absent: none is needed. */
  assertWatchable?(ref: ShootRef): Promise<void>;

  /**
   * Undefined where the Shoot has no API at the moment.
   * @param access of the kubeconfig; absent: the least that the garden issues.
   */
  openCluster(shoot: Shoot, access?: Access): Promise<ShootCluster | undefined>;
  /** Address and certificate authority of the Shoot's API; undefined where they are not known yet. */
  clusterAccess(shoot: Shoot): Promise<ShootAccess | undefined>;
  /** Starts what {@link clusterAccess} reads of this Shoot and those beside it, if there are many. Absent: it reads nothing in common. */
  expectClusterAccess?(reference: ShootReference, shoots: number): void;
  requestKubeconfig(ref: ShootRef, access: "admin" | "viewer", seconds: number): Promise<Kubeconfig>;
}
