/** What a garden reports of a cluster before a Kubernetes version, by a check of its own. */

export interface UpgradeReadiness {
  readonly outcome: "ready" | "pending" | "notReady";
  /** The garden's own messages. */
  readonly details: readonly string[];
  readonly notes?: string;
}

/** As a component passes it to check. */
export interface ReadinessReport {
  /** The version, with the uid and the resourceVersion of the Shoot that was checked. */
  readonly of: string;
  readonly readiness: UpgradeReadiness;
}
