/** The result of a dry run, as a component passes it to check. */

export type DryRunOutcome =
  | { readonly kind: "accepted"; readonly warnings: readonly string[] }
  | { readonly kind: "refused" | "forbidden"; readonly message: string };

export interface DryRunReport {
  /** The change, with the uid and the resourceVersion of the Shoot that it was tried on. */
  readonly change: string;
  readonly outcome: DryRunOutcome;
}
