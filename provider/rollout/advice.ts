/**
 * Gardener's error codes: whether it stops at them, and what a user can do. Which ones end an
 * operation at once: `HasNonRetryableErrorCode` in gardener's pkg/apis/core/v1beta1/helper.
 */
import { entryOf } from "../model/json";
import type { Shoot } from "../model/shoot";

interface Advice {
  /** Gardener does not retry. */
  readonly final: boolean;
  readonly todo: string;
}

const advice: Readonly<Record<string, Advice>> = {
  ERR_INFRA_UNAUTHENTICATED: {
    final: true,
    todo: "The cloud refuses the credentials of the Shoot's CredentialsBinding: renew them in its Secret.",
  },
  ERR_INFRA_UNAUTHORIZED: {
    final: true,
    todo: "The Shoot's cloud credentials lack a right that the message names: grant it to their owner.",
  },
  ERR_INFRA_QUOTA_EXCEEDED: {
    final: true,
    todo: "The cloud's quota is used up. A rolling upgrade needs head-room for the surge nodes (maxSurge of each pool): raise the quota, free machines, or set maxSurge 0 and maxUnavailable 1 on the pool.",
  },
  ERR_INFRA_DEPENDENCIES: {
    final: true,
    todo: "Something in the cloud that the cluster depends on is missing or conflicts: restore or remove what the message names.",
  },
  ERR_INFRA_RATE_LIMITS_EXCEEDED: {
    // It ends the operation, but Gardener's controller-manager retries it after ten minutes.
    final: false,
    todo: "The cloud limits the rate of requests; Gardener retries after ten minutes.",
  },
  ERR_CONFIGURATION_PROBLEM: {
    final: true,
    todo: "The Shoot's configuration, or an object in the cluster, is invalid: fix what the message names.",
  },
  ERR_PROBLEMATIC_WEBHOOK: {
    final: true,
    todo: "A webhook in the cluster blocks Gardener: fix it, exempt the kube-system namespace, or set its failurePolicy to Ignore.",
  },
  ERR_INFRA_RESOURCES_DEPLETED: {
    final: false,
    todo: "The cloud has no such machines left in the zone; Gardener keeps retrying. Another machine type or zone may help.",
  },
  ERR_RETRYABLE_CONFIGURATION_PROBLEM: {
    final: false,
    todo: "Something in the cluster blocks the operation, often a PodDisruptionBudget that allows no disruption; Gardener keeps retrying.",
  },
  ERR_RETRYABLE_INFRA_DEPENDENCIES: {
    final: false,
    todo: "Something in the cloud that the cluster depends on is not ready; Gardener keeps retrying.",
  },
  ERR_CLEANUP_CLUSTER_RESOURCES: {
    final: false,
    todo: "Objects in the cluster cannot be removed, often because of their finalizers; Gardener keeps retrying.",
  },
};

const RETRIED_LATER = "ERR_INFRA_RATE_LIMITS_EXCEEDED";

/** What to do about the Shoot's last errors; empty where no code of theirs is known. */
export function adviceFor(shoot: Shoot): readonly string[] {
  return codesOf(shoot).flatMap((code) => entryOf(advice, code)?.todo ?? []);
}

/** The operation has ended, and Gardener does not retry it. */
export function isPermanentlyFailed(shoot: Shoot): boolean {
  const codes = codesOf(shoot);
  const final = codes.some((code) => entryOf(advice, code)?.final === true);
  switch (shoot.lastOperation?.state) {
    case "Failed":
      return final || !codes.includes(RETRIED_LATER);
    case "Error":
      return final;
    default:
      // While a new attempt runs, the errors are those of the one before.
      return false;
  }
}

/** Sorted, each once. */
export function codesOf(shoot: Shoot): readonly string[] {
  return [...new Set(shoot.lastErrors.flatMap((error) => error.codes))].sort();
}
