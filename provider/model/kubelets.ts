import type { Problem } from "./problem";

/** Whether the kubelets that run allow a plan over several minors, as a component passes it to check. */
export interface KubeletReport {
  /** The plan and the state of the Shoot that it is about. */
  readonly of: string;
  readonly problems: readonly Problem[];
}
