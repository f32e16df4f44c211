/** A version of one of Kubernetes' own APIs that a minor no longer serves. */
export interface ApiVersion {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in paths. */
  readonly resource: string;
  /** Its objects can be listed. */
  readonly listed: boolean;
  /** The first minor that does not serve it: `1.34`. */
  readonly removedIn: string;
  /** `group/version` that has the same kind; absent: none. */
  readonly replacement?: string;
}

export function groupVersionOf({ group, version }: Pick<ApiVersion, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}
