/**
 * What a garden's API can do. The plan and the rollout check these instead of the kind of
 * garden: a garden that can do less gets shorter plans and longer waits, never wrong ones.
 */
export interface GardenCapabilities {
  /** The server validates a change without making it. */
  readonly dryRun: boolean;
  /** The server sends changes; otherwise they are polled, and seen some seconds later. */
  readonly watch: boolean;
  /**
   * Every state has a version: a write can be tied to the state that was read, and a state that is
   * read is known to be older than a write.
   */
  readonly optimisticLocking: boolean;
  /** One write carries any change; otherwise Kubernetes alone, or the image of one pool. */
  readonly combinedWrites: boolean;
  /** A pool's nodes may stay behind the control plane, so that they are not replaced at every minor. */
  readonly poolKubernetesVersions: boolean;
  /** The Shoot's annotations can be seen and set: the hold, and Gardener's operations. */
  readonly annotations: boolean;
  /** Kubeconfigs that read everything but Secrets are issued; otherwise only administrators' are. */
  readonly viewerKubeconfig: boolean;
}
