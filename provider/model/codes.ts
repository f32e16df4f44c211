/**
 * Every message that a user may have to look up, with a stable code: the table in docs/messages.md has
 * one row for each, `#gu001` and so on as anchors.
 */
export const codes = {
  // Connection
  GU001: "No kubeconfig for the garden is configured",
  GU002: "The kubeconfig cannot be read",
  GU003: "The kubeconfig is malformed",
  GU004: "The kubeconfig has no such context",
  GU005: "The garden cannot be reached",
  GU006: "The garden's certificate is not trusted",
  GU007: "The garden refuses the credentials",
  GU008: "A permission is missing",
  GU009: "Unknown project or namespace",
  GU010: "Unknown Shoot",
  GU011: "Unknown CloudProfile",
  GU012: "The kubeconfig's exec plugin failed",
  GU013: "The garden's response cannot be used",
  GU014: "The garden refuses this network address",
  GU015: "Region or project in Cleura Cloud is missing",
  GU016: "No credentials for Cleura Cloud",
  GU017: "The Cleura account requires a second factor",
  GU018: "The server has another version of Cleura's API",
  // Declaration
  GU020: "Unknown argument",
  GU021: "A value of the wrong type",
  GU022: "Exactly one of version and channel is required",
  GU023: "Nothing is declared",
  GU024: "Invalid version",
  GU025: "Invalid duration",
  GU026: "The same Shoot is declared twice",
  GU027: "Unknown worker pool",
  // Plan
  GU030: "The Shoot is being deleted",
  GU031: "The version is not offered",
  GU032: "The version is a preview",
  GU033: "A minor would be skipped",
  GU034: "The machine image version is not offered",
  GU035: "The machine image does not suit the pool",
  GU036: "A worker pool would fall too far behind the control plane",
  GU037: "The version has expired",
  GU038: "The plan goes beyond the checked one",
  GU039: "The Shoot runs a newer version than declared",
  // Notices
  GU040: "An upgrade is pending or available",
  GU041: "A version is deprecated or expires",
  GU042: "Gardener will upgrade by itself",
  GU043: "Not verified by the API server",
  GU044: "The cluster is not ready",
  GU045: "The Shoot has a hold annotation",
  GU047: "The change waits for the maintenance window",
  GU048: "Another manager writes the same fields",
  GU049: "Release notes of a minor upgrade",
  // Rollout
  GU050: "The garden refused the change",
  GU051: "The Shoot changes too often to be written",
  GU052: "Another cluster has the same name",
  GU053: "The rollout failed",
  GU054: "The rollout makes no progress",
  GU055: "Not started, because another rollout failed",
  GU056: "The Shoot was deleted during the rollout",
  GU057: "The rollout exceeded its timeout",
  GU058: "The run was interrupted",
  GU059: "Gardener reports an error and retries",
  // More notices of the plan
  GU060: "Gardener reports a constraint that may hinder an upgrade",
  GU061: "A worker pool has a Kubernetes version of its own",
  GU062: "Nodes are replaced more than once",
  GU063: "The preparation of an upgrade was reverted",
  GU064: "The upgrade completes a credentials rotation",
} as const;

export type Code = keyof typeof codes;
