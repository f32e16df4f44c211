/**
 * Where a garden and the credentials for it are found; never the credentials themselves.
 *
 * The two tables are the only list of the fields: argument parser, state, command line, stack
 * configuration and environment are read by them, and the types are derived from them. The public
 * arguments are tied to them by types in declaration/location.ts.
 */

interface KubeconfigField {
  /** Of the command `pulumi-gardener credential`. */
  readonly option: string;
}

interface CleuraField extends KubeconfigField {
  /** Key of the stack configuration. */
  readonly config: string;
  /** Environment variable. */
  readonly variable: string;
}

export const kubeconfigFields = {
  /** Path of a kubeconfig, as the program wrote it. */
  kubeconfig: { option: "kubeconfig" },
  /** A context of the kubeconfig. */
  context: { option: "context" },
} as const satisfies Readonly<Record<string, KubeconfigField>>;

/** Which project of Cleura Cloud. */
export const cleuraFields = {
  /** `public`, `compliant`, or the name of a private cloud. */
  cloud: { option: "cleura-cloud", config: "gardener:cleuraCloud", variable: "CLEURA_CLOUD" },
  /** OpenStack region, case-sensitive: `Sto2`. */
  region: { option: "cleura-region", config: "gardener:cleuraRegion", variable: "CLEURA_REGION" },
  /** OpenStack project. */
  projectId: {
    option: "cleura-project-id",
    config: "gardener:cleuraProjectId",
    variable: "CLEURA_PROJECT_ID",
  },
} as const satisfies Readonly<Record<string, CleuraField>>;

/** Without a value: environment and configuration are searched. */
export type CleuraLocation = Readonly<Partial<Record<keyof typeof cleuraFields, string>>>;

type KubeconfigLocation = Readonly<Partial<Record<keyof typeof kubeconfigFields, string>>>;

export interface GardenLocation extends KubeconfigLocation {
  /** Instead of a kubeconfig: Cleura's REST API. */
  readonly cleura?: CleuraLocation;
}
