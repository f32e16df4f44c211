/** What the gardenlet needs of a Shoot's own cluster, in memory or real. */
import type { Ca } from "../pki";

/** A Node as far as a rollout is concerned. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly creationTimestamp: Date;
  /** With the leading v, as a Node reports it. */
  readonly kubeletVersion: string;
  readonly osImage: string;
  readonly ready: boolean;
  /** Cordoned: no Pod is scheduled there any more. */
  readonly unschedulable: boolean;
}

export type NewNode = Omit<ClusterNode, "creationTimestamp">;
export type NodeChange = Partial<Omit<ClusterNode, "name" | "creationTimestamp">>;

/** Where a Shoot's API listens, and what proves it and its users. */
export interface ClusterAccess {
  /** URL of the Shoot's API server. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Signs the certificates of the cluster's users. */
  readonly clientCa: Ca;
}

export interface ShootClusterWriter {
  /** Absent: the Shoot has no API of its own that could be advertised. */
  readonly access?: ClusterAccess;
  /** What the control plane runs, without the leading v; undefined before the first `setVersion`. */
  version(): Promise<string | undefined>;
  setVersion(kubernetesVersion: string): Promise<void>;
  listNodes(): Promise<readonly ClusterNode[]>;
  createNode(node: NewNode): Promise<void>;
  updateNode(name: string, change: NodeChange): Promise<void>;
  deleteNode(name: string): Promise<void>;
  /** A hibernated Shoot has no API server. */
  setHibernated(hibernated: boolean): Promise<void>;
}
